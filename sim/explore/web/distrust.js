// How distrust moves while they talk: a small panel for each who distrusts whom, with median and middle 90 %.
export default {
  props: { pairs: Array, weeks: Number },
  template: `
    <div class="pairs">
      <div v-for="pair in pairs" :key="pair.name" class="pair" :style="{ '--swatch': pair.colour }">
        <h3>{{ pair.name }}</h3>
        <div class="plot">
          <div class="ticks"><span>1</span><span>0.5</span><span>0</span></div>
          <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
            <path class="grid" d="M0 0H100M0 50H100M0 100H100"/>
            <path class="band" :d="band(pair)"/>
            <path class="line" :d="'M' + points(pair.middle).join('L')"/>
          </svg>
        </div>
        <div class="span"><span>week 0</span><span>{{ weeks }}</span></div>
      </div>
    </div>`,
  methods: {
    points(levels) {
      return levels.map((d, week) => `${((100 * week) / (levels.length - 1)).toFixed(2)} ${(100 * (1 - d)).toFixed(2)}`);
    },
    band(pair) { return `M${[...this.points(pair.low), ...this.points(pair.high).reverse()].join("L")}Z`; },
  },
};
