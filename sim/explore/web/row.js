// One control: its name, where it stands, a slider with two ends or a choice of words, and what is one click away.
// All text is put in as text. Values travel as `set` {value, gesture, serial} and `back`. Until the server has taken in
// the last value that was sent (`serial`), what it sends back is not heeded, so that nothing jumps under the hand; and
// what is being typed is not written over.
export default {
  props: {
    name: String, full: String, value: null, file: null, fileText: String, words: Array, whole: Boolean,
    low: Number, high: Number, step: Number, unit: String, bounds: String, meaning: String, sources: Array,
    changed: Boolean, off: Boolean, told: Number, serial: Number, refused: String,
  },
  emits: ["set", "back"],
  template: `
    <div class="control" :class="{ changed, off }" role="group" :aria-label="full">
      <div class="control-head">
        <span class="control-name">{{ name }}<span v-if="changed" class="mark" title="Not as in the file"> ●<span
          class="unseen"> (changed)</span></span></span>
        <output class="control-value">{{ shown }}</output>
        <button v-if="changed" type="button" class="quiet" @click="back" :aria-label="'Back to the file: ' + full"
          title="Back to the file">↺</button>
      </div>
      <div v-if="words.length" class="words" role="radiogroup" :aria-label="full">
        <label v-for="word in words" :key="word">
          <input type="radio" :name="'choice-' + full" :value="word" :checked="word === value" :disabled="off"
            @change="send(word)"><span>{{ word }}</span>
        </label>
      </div>
      <div v-else class="slide" ref="slide" @pointerdown="grab">
        <div class="track"></div>
        <div class="in-file" :style="span(fileEnds)" :title="'In the file: ' + fileText"></div>
        <div class="between" :style="span([from, to])"></div>
        <input v-if="!point" ref="from" type="range" step="any" :min="low" :max="high" :value="from" :disabled="off"
          :class="{ top: from > (low + high) / 2 }" :aria-label="full + ', from'" :aria-valuetext="text(from)"
          @input="drag('from', $event)" @change="drop" @keydown="key('from', $event)" @keyup="rest" @blur="drop">
        <input ref="to" type="range" step="any" :min="low" :max="high" :value="to" :disabled="off"
          :aria-label="point ? full : full + ', to'" :aria-valuetext="text(to)"
          @input="drag('to', $event)" @change="drop" @keydown="key('to', $event)" @keyup="rest" @blur="drop">
      </div>
      <details class="more">
        <summary :aria-label="'About ' + full">in the file {{ fileText }}</summary>
        <p>{{ meaning }}<template v-if="unit"> In {{ unit }}.</template></p>
        <p v-for="source in sources" :key="source">{{ source }}</p>
        <p v-if="!sources.length">No source is stated: a neutral default, or a number that the file gives without one.</p>
        <div v-if="!words.length" class="exact">
          <label v-if="!whole"><input type="checkbox" :checked="!point" :disabled="off" @change="widen($event)"> a range,
            drawn anew in every run</label>
          <label v-if="!point">from <input type="text" inputmode="decimal" autocomplete="off"
            :value="typed.from ?? from" :disabled="off"
            :aria-label="full + ', exactly from'" @input="typed.from = $event.target.value" @blur="typed.from = null"
            @change="exactly('from', $event)"></label>
          <label>{{ point ? 'exactly' : 'to' }} <input type="text" inputmode="decimal" autocomplete="off"
            :value="typed.to ?? to" :disabled="off"
            :aria-label="full + (point ? ', exactly' : ', exactly to')" @input="typed.to = $event.target.value"
            @blur="typed.to = null" @change="exactly('to', $event)"></label>
          <span class="bounds">{{ bounds }}</span>
        </div>
      </details>
      <p v-if="unread || refused" class="refused" role="alert">{{ unread || refused }}</p>
    </div>`,
  data() {
    const [from, to] = this.ends(this.value);
    return { from, to, point: from === to, held: false, gesture: 0, sent: 0, unread: "", typed: { from: null, to: null } };
  },
  computed: {
    fileEnds() { return this.ends(this.file); },
    shown() {
      if (this.words.length) return this.value;
      return this.point ? this.text(this.to) : this.text(this.from) + "–" + this.text(this.to);
    },
  },
  watch: {
    value() { this.heed(); },
    serial() { this.heed(); },
    told() { this.held = false; this.settle(); },
  },
  methods: {
    // The button goes away: who pressed it by a key goes on from the control.
    back() {
      this.$emit("back");
      (this.$refs.to ?? this.$el.querySelector("input:checked") ?? this.$el.querySelector("input"))?.focus();
    },
    heed() { if (this.serial === this.sent) this.settle(); },
    settle() {
      this.unread = "";
      [this.from, this.to] = this.ends(this.value);
      if (!this.held) this.point = this.from === this.to; // a handle is not taken out of the hand
    },
    ends(value) {
      if (Array.isArray(value)) return value;
      return typeof value === "number" ? [value, value] : [this.low, this.low];
    },
    digits() { return this.whole ? 0 : Math.max(0, Math.ceil(-Math.log10(this.step) - 1e-9)); },
    text(value) {
      const short = Number(value.toFixed(Math.max(2, this.digits())));
      return String(Math.abs(short - value) > 1e-12 ? Number(value.toPrecision(6)) : short);
    },
    span([from, to]) {
      const share = (value) => Math.min(1, Math.max(0, (value - this.low) / (this.high - this.low)));
      const thumb = 18; // pixels: the middle of a thumb never reaches the ends of the track
      const at = (value) => `calc(${share(value)} * (100% - ${thumb}px) + ${thumb / 2}px)`;
      return { left: at(from), width: `calc(${share(to) - share(from)} * (100% - ${thumb}px))` };
    },
    round(value) {
      const steps = Math.round((value - this.low) / this.step) * this.step + this.low;
      return Number(Math.min(this.high, Math.max(this.low, steps)).toPrecision(12));
    },
    drag(end, event) { this.move(end, this.round(Number(event.target.value))); },
    key(end, event) {
      const jumps = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 };
      if (!(event.key in jumps)) return;
      event.preventDefault();
      this.move(end, this.round(this[end] + jumps[event.key] * this.step));
    },
    move(end, value) {
      if (!this.held) { this.held = true; this.gesture += 1; }
      if (this.point) this.from = this.to = value;
      else if (end === "from") { this.from = value; this.to = Math.max(value, this.to); }
      else { this.to = value; this.from = Math.min(value, this.from); }
      this.send(this.present());
    },
    drop() {
      clearTimeout(this.timer);
      this.held = false;
      if (this.words.length || this.point || this.from !== this.to) return;
      const focused = document.activeElement === this.$refs.from;
      this.point = true;
      if (focused) this.$nextTick(() => this.$refs.to.focus());
    },
    // Keys pressed one after the other are one movement.
    rest() { clearTimeout(this.timer); this.timer = setTimeout(() => this.drop(), 700); },
    present() { return this.point || this.from === this.to ? this.to : [this.from, this.to]; },
    send(value) {
      this.sent = nextMove();
      this.unread = "";
      this.$emit("set", { value, gesture: this.words.length ? 0 : this.gesture, serial: this.sent });
    },
    widen(event) {
      this.gesture += 1;
      this.point = !event.target.checked;
      const reach = (this.high - this.low) / 10;
      if (this.point) this.from = this.to = this.round((this.from + this.to) / 2);
      else [this.from, this.to] = [this.round(this.from - reach), this.round(this.to + reach)];
      this.send(this.present());
    },
    exactly(end, event) {
      const value = readNumber(event.target.value, this.whole);
      this.typed[end] = null;
      if (typeof value !== "number") {
        this.unread = `${value} It stays at ${this.shown}.`;
        this.$forceUpdate();
        return;
      }
      this.gesture += 1;
      this[end] = value;
      if (this.point) this.from = this.to = value;
      if (this.from > this.to) [this.from, this.to] = [this.to, this.from];
      this.send(this.present());
    },
    // Between its ends a range is moved as a whole.
    grab(event) {
      if (this.off || this.point || event.target.tagName === "INPUT") return;
      const box = this.$refs.slide.getBoundingClientRect();
      const per = (this.high - this.low) / (box.width - 18);
      const [from, to, start] = [this.from, this.to, event.clientX];
      this.held = true;
      this.gesture += 1;
      const move = (now) => {
        const by = Math.min(this.high - to, Math.max(this.low - from, (now.clientX - start) * per));
        [this.from, this.to] = [this.round(from + by), this.round(to + by)];
        this.send(this.present());
      };
      const end = () => {
        this.held = false;
        window.removeEventListener("pointermove", move);
        window.removeEventListener("pointerup", end);
      };
      window.addEventListener("pointermove", move);
      window.addEventListener("pointerup", end);
      event.preventDefault();
    },
  },
};
