// Marks what is shown as that of earlier settings, from the moment that a hand moves anything until the answer has
// caught up; and says when nothing can be worked out for want of a connection. Other parts follow by `data-behind` on
// the body.
export default {
  props: { taken: Number, behind: Boolean },
  template: `<span class="lag"><span v-show="offline" role="status">{{ offline ? lost : "" }}</span><span
    v-show="!offline" class="earlier" aria-hidden="true">for the settings before the last move</span></span>`,
  data() { return { moved: 0, offline: false, lost: "No connection: changes take effect once it is back." }; },
  computed: { late() { return this.behind || this.moved > this.taken; } },
  watch: {
    late: { immediate: true, handler(late) { document.body.toggleAttribute("data-behind", late); } },
    offline(offline) { document.body.toggleAttribute("data-offline", offline); },
  },
  mounted() {
    document.addEventListener("moved", (event) => { this.moved = event.detail; });
    setTimeout(() => { // the socket is made once the page stands
      window.socket?.on("disconnect", () => { this.offline = true; });
      window.socket?.on("connect", () => { this.offline = false; });
    });
  },
};
