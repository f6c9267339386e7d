// A field for a whole number, perhaps with a slider beside it. What is being typed, or where the slider is being
// dragged, stays as it is whatever else on the page is shown anew meanwhile.
export default {
  props: { words: String, value: Number, least: Number, most: Number, near: Number },
  emits: ["put"],
  template: `
    <span class="field">
      <label>{{ words }} <input type="number" step="1" :min="least" :max="most" :value="typed ?? value"
        @input="typed = $event.target.value" @change="put($event)" @blur="typed = null"></label>
      <input v-if="near" type="range" step="1" :min="least" :max="near" :value="dragged ?? value" :aria-label="words"
        @input="drag($event)" @change="dragged = null">
    </span>`,
  data() { return { typed: null, dragged: null }; },
  methods: {
    put(event) {
      const number = Math.min(this.most, Math.max(this.least, Math.trunc(Number(event.target.value))));
      this.typed = null;
      if (event.target.value !== "" && Number.isFinite(number)) this.$emit("put", number);
      this.$forceUpdate();
    },
    drag(event) {
      this.dragged = Number(event.target.value);
      this.$emit("put", this.dragged);
    },
  },
};
