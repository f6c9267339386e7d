// The address of the page, and what the tab remembers beside it (in its session storage, which other tabs do not share):
// so that a page that is loaded anew, by a server that was started anew, goes on where it was.
const store = (name, value) => {
  try {
    if (value === undefined) return sessionStorage.getItem(`parley-${name}`);
    sessionStorage.setItem(`parley-${name}`, value);
  } catch { /* a browser that keeps nothing: the address still holds what is set */ }
  return null;
};
export default {
  props: { address: String, steps: String },
  emits: ["greet"],
  template: `<span hidden></span>`,
  watch: {
    address(text) {
      history.replaceState(history.state, "", text ? `?${text}` : "./");
      store("shown", text);
    },
    steps(text) {
      store("steps", text);
      store("shown", this.address);
    },
  },
  mounted() {
    const memory = store("steps");
    const unsent = store("unsent") === "yes";
    store("unsent", "no");
    addEventListener("pagehide", () => {
      const waiting = window.socket?.connected === false ? window.socket.sendBuffer : [];
      if (waiting.some((packet) => packet.data?.[0] === "event")) store("unsent", "yes");
    });
    document.addEventListener("scheme", (event) => store("scheme", event.detail));
    const dark = document.body.classList.contains("body--dark");
    this.$emit("greet", {
      memory: memory ?? "", shown: memory === null ? null : store("shown"), scheme: store("scheme"), dark, unsent,
    });
  },
};
