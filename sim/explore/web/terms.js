// On what terms they settle: for each issue a hill over the line between its two poles, and marks on it.
export default {
  props: { issues: Array },
  template: `
    <div class="issues">
      <div v-for="issue in issues" :key="issue.name" class="issue">
        <h3>{{ issue.name }}<span class="mean"> {{ issue.mean }}</span></h3>
        <div class="hill">
          <svg viewBox="0 0 100 40" preserveAspectRatio="none" aria-hidden="true"><path :d="hill(issue.counts)"/></svg>
          <span v-for="mark in issue.marks" :key="mark.words" class="at" :class="mark.kind" :title="mark.words"
            :style="{ left: 100 * mark.at + '%', color: mark.colour }">{{ mark.sign }}</span>
        </div>
        <div class="poles"><span>0: {{ issue.low }}</span><span>1: {{ issue.high }}</span></div>
      </div>
    </div>`,
  methods: {
    hill(counts) {
      const most = Math.max(1, ...counts), wide = 100 / counts.length;
      const tops = counts.map((n, i) => `V${40 - (38 * n) / most}H${((i + 1) * wide).toFixed(2)}`).join("");
      return `M0 40${tops}V40Z`;
    },
  },
};
