"""Scripts that run before those of a page, and change its clock, timers, visibility or sound."""

# The computer's clock is ten minutes fast (`Date`, `performance.timeOrigin`) and can be set with
# `wrong.by = …` (ms). `wrong.real()` is the real time.
WRONG_CLOCK = """(() => {
    const Real = Date, origin = performance.timeOrigin;
    const wrong = (window.wrong = { by: 600_000, real: () => Real.now() });
    window.Date = class extends Real {
        constructor(...given) { given.length ? super(...given) : super(Real.now() + wrong.by); }
        static now() { return Real.now() + wrong.by; }
    };
    Object.defineProperty(performance, "timeOrigin", { get: () => origin + wrong.by });
})()"""

# After `slept.by = …` (ms) the machine has slept for so long: `Date` moves, performance.now() not.
SLEEP = """(() => {
    const now = performance.now.bind(performance);
    const slept = (window.slept = { by: 0, real: Date.now.bind(Date) });
    const Real = Date;
    performance.now = () => now();
    window.Date = class extends Real {
        constructor(...given) { given.length ? super(...given) : super(Real.now() + slept.by); }
        static now() { return Real.now() + slept.by; }
    };
})()"""

# `background.hide()` and `.show()`. The timers of a hidden page do not run (Chromium runs them once
# a minute after a while), but those of its workers do; `hide(false)` leaves the timers alone.
BACKGROUND = """(() => {
    const set = window.setTimeout.bind(window);
    let [hidden, still] = [false, false];
    Object.defineProperty(document, "hidden", { get: () => hidden });
    const state = () => (hidden ? "hidden" : "visible");
    Object.defineProperty(document, "visibilityState", { get: state });
    window.setTimeout = (run, ms, ...given) =>
        set(function fire() {
            if (still) set(fire, 50);
            else run(...given);
        }, ms);
    const change = (value, slow) => {
        [hidden, still] = [value, slow];
        document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
    };
    const hide = (slow = true) => change(true, slow);
    window.background = { hide, show: () => change(false, false) };
})()"""

# Until fonts and pictures are there, and animations have ended that end.
STILL = """async () => {
    await document.fonts.ready;
    const isSeen = (image) => image.getBoundingClientRect().top < innerHeight;
    const seen = [...document.images].filter((image) => image.checkVisibility() && isSeen(image));
    await Promise.allSettled(seen.map((image) => image.decode()));
    const ending = document.getAnimations()
        .filter((animation) => animation.effect.getComputedTiming().endTime < Infinity);
    await Promise.allSettled(ending.map((animation) => animation.finished));
}"""

# The frequencies of the notes that were played.
LISTEN = """(() => {
    window.notes = [];
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (...at) {
        window.notes.push(Math.round(this.frequency.value));
        return start.apply(this, at);
    };
})()"""

# Pages ask for some things after minutes, with or without an event. A busy machine takes as long.
WITHOUT_MINUTES = """(() => {
    const later = window.setTimeout.bind(window);
    window.setTimeout = (run, ms, ...given) => (ms > 100_000 ? 0 : later(run, ms, ...given));
})()"""


def without_timer(ms: int) -> str:
    """What a page does after exactly `ms` it never does: a busy machine looks later than that."""
    return f"""(() => {{
    const later = window.setTimeout.bind(window);
    window.setTimeout = (run, ms, ...given) => (ms === {ms} ? 0 : later(run, ms, ...given));
}})()"""


# The colours of the page, which differ between the themes.
COLORS = """() => ["--page", "--surface", "--line", "--text", "--muted", "--link"]
    .map((name) => getComputedStyle(document.body).getPropertyValue(name))
    .concat(["color", "backgroundColor", "colorScheme"]
      .map((name) => getComputedStyle(document.body)[name]))"""

# What has a dark background although it is printed.
DARK_ON_PAPER = """() => {
  const sum = (color) => color.match(/[\\d.]+/g).slice(0, 3).reduce((all, one) => all + +one, 0);
  return [...document.querySelectorAll("body, main, main section, .card, header, .receipt-head")]
    .filter((element) => element.checkVisibility())
    .map((element) => [element.className, getComputedStyle(element)])
    .filter(([, { backgroundColor, backgroundImage }]) => backgroundImage.includes("gradient")
      || (!/, 0\\)$/.test(backgroundColor) && sum(backgroundColor) < 300))
    .map(([name]) => name);
}"""
