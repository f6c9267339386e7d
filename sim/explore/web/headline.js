// The main shares, large: each on a scale from 0 to 100 % with its range over the assumptions (the broad band, with its
// ends in figures) and its simulation error (the thin line through the mark). The sentences below say the same in words.
export default {
  props: { shares: Array },
  template: `
    <div class="headline" aria-hidden="true">
      <div v-for="share in shares" :key="share.name" class="share">
        <p><span class="large">{{ share.text }}</span> {{ share.name }}</p>
        <div class="scale">
          <span v-if="share.over" class="over" :style="span(share.over)"></span>
          <span class="error" :style="span(share.error)"></span>
          <span class="at" :style="{ left: percent(share.p) }"></span>
        </div>
        <div class="ends"><span>0 %</span><span>50 %</span><span>100 %</span></div>
        <p>{{ share.range }}</p>
      </div>
    </div>`,
  methods: {
    percent(share) { return `${100 * share}%`; },
    span([low, high]) { return { left: this.percent(low), width: this.percent(high - low) }; },
  },
};
