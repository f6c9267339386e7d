// What the colours of a chart stand for, in words.
export default {
  props: { entries: Array },
  template: `
    <ul class="key">
      <li v-for="entry in entries" :key="entry.words">
        <span class="swatch" :class="entry.kind" :style="{ '--swatch': entry.colour }"></span>{{ entry.words }}
      </li>
    </ul>`,
};
