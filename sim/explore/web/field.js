// A field for a whole number, perhaps with a slider beside it. What is being typed, or where the slider is being
// dragged, stays as it is whatever else on the page is shown anew meanwhile. What cannot be taken is said beside it.
// `moves`: whether it is part of what is asked, so that what is shown meanwhile is of earlier settings.
export default {
  props: { words: String, value: [Number, String], least: Number, most: Number, near: Number, moves: Boolean },
  emits: ["put"],
  template: `
    <span class="field">
      <label>{{ words }} <input type="text" inputmode="numeric" autocomplete="off" :value="typed ?? value"
        :aria-invalid="problem ? 'true' : null" @input="typed = $event.target.value" @change="put($event)"
        @blur="typed = null"></label>
      <input v-if="near" type="range" step="1" :min="least" :max="near" :value="dragged ?? value" :aria-label="words"
        @input="drag($event)" @change="dragged = null">
      <span v-if="problem" class="refused" role="alert">{{ problem }}</span>
    </span>`,
  data() { return { typed: null, dragged: null, problem: "" }; },
  watch: { value() { this.problem = ""; } },
  methods: {
    put(event) {
      const number = readNumber(event.target.value, true);
      const fits = typeof number === "number" && number >= this.least && number <= this.most;
      const limits = `It goes from ${this.least} to ${this.most.toLocaleString("en-GB")}.`;
      this.typed = null;
      this.problem = fits ? "" : typeof number === "number" ? limits : `${number} ${limits}`;
      if (fits) this.send(number);
      this.$forceUpdate();
    },
    drag(event) {
      this.problem = "";
      this.dragged = Number(event.target.value);
      this.send(this.dragged);
    },
    send(number) { this.$emit("put", { number, serial: this.moves ? nextMove() : 0 }); },
  },
};
