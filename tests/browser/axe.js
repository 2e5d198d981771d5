// What the walk of axe.py does in a page, after axe.
(() => {
  // Attributes that no rule and no style of a page asks for.
  const IGNORED = /^(class|id|name|value|href|src|action|hx-.*|data-(?!state|sky).*)$/;
  // Attributes whose value can change colours.
  const VALUES = /^(role|type|open|disabled|data-(state|sky)|aria-(pressed|current|selected|checked|invalid))$/;
  // What is pressed is at least 44 px high, with the transparent border that enlarges some of it, and
  // the links of the header are as wide. Links within a sentence are not.
  const PRESSED =
    "main button, main a.button, main summary, main .links a, main .card-head a," +
    "main .team-line-tick, header button, header a, footer a";

  const nameOf = (element) =>
    [element.localName, ...[...element.classList].sort()].join(".") +
    [...element.attributes]
      .filter(({ name }) => !IGNORED.test(name))
      .map(({ name, value }) => `[${name}${VALUES.test(name) ? `=${value}` : ""}`)
      .sort()
      .join("");

  // 53 bits of a text and a number (cyrb53).
  const hash = (text, seed) => {
    let [a, b] = [0xdeadbeef ^ seed, 0x41c6ce57 ^ seed];
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      a = Math.imul(a ^ code, 2654435761);
      b = Math.imul(b ^ code, 1597334677);
    }
    a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
    b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
    return 4294967296 * (2097151 & b) + (a >>> 0);
  };

  // The first element of each place.
  const placesOf = (root, isWanted) => {
    const found = new Map();
    const visit = (element, outer) => {
      if (!isWanted(element)) return;
      const place = hash(nameOf(element), outer % 4294967296);
      if (!found.has(place)) found.set(place, element);
      if (element.localName === "svg") return;
      for (const child of element.children) visit(child, place);
    };
    visit(root, 0);
    return found;
  };

  // What contrast and names are about.
  const isChosen = (element) =>
    element.matches("input, select, textarea, a, button, summary") ||
    scrolls(element) ||
    [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());

  const scrolls = (element) =>
    (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1) &&
    /auto|scroll/.test(getComputedStyle(element).overflow);

  // A number for everything behind an element. `known`: of those that were asked for before.
  const groundOf = (element, known) => {
    if (element === null) return 0;
    if (!known.has(element)) {
      const { backgroundColor, backgroundImage, opacity, filter } = getComputedStyle(element);
      const own = `${backgroundColor} ${backgroundImage} ${opacity} ${filter}`;
      known.set(element, hash(own, groundOf(element.parentElement, known) % 4294967296));
    }
    return known.get(element);
  };

  // A number for an element's colours, and for what else the rules of wide windows depend on.
  const lookOf = (element, grounds) => {
    const { color, fontSize, fontWeight, textShadow } = getComputedStyle(element);
    const size = parseFloat(fontSize);
    const isLarge = size >= 24 || (size >= 18.5 && fontWeight >= 700); // 3:1 is enough
    const isNamed = element.matches("a, button") && element.innerText.trim() !== "";
    const own = `${color} ${isLarge} ${textShadow} ${isNamed} ${scrolls(element)}`;
    return hash(own, groundOf(element, grounds) % 4294967296);
  };

  // The animation of the projector has no end.
  const atRest = () =>
    Promise.all(
      document
        .getAnimations()
        .filter((one) => one.playState === "running" && one.effect.getTiming().iterations !== Infinity)
        .map((one) => one.finished.catch(() => null)),
    );

  const small = () =>
    [
      ...document.querySelectorAll(PRESSED),
      ...[...document.querySelectorAll("main p > a")].filter(
        (link) => link.textContent.trim() === link.parentElement.textContent.trim(),
      ),
    ]
      .filter((element) => element.checkVisibility() && !element.closest(".sr-only"))
      .filter((element) => {
        const { width, height } = element.getBoundingClientRect();
        const [before, after] = ["::before", "::after"].map((which) =>
          Math.min(0, parseFloat(getComputedStyle(element, which).top) || 0),
        );
        return (
          width > 0 &&
          (height - 2 * Math.min(before, after) < 43.9 || (element.matches(".nav a, .brand") && width < 43.9))
        );
      })
      .map((element) => element.outerHTML.slice(0, 120));

  // Whether the page is wider than its window once everything in it is unfolded.
  const wide = () => {
    for (const more of document.querySelectorAll("main details.more")) more.open = true;
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth > clientWidth ? [`${scrollWidth} px`] : [];
  };

  const overlaps = () => {
    const labels = [...document.querySelectorAll("#day .day-time, #day .day-label")]
      .filter((element) => element.checkVisibility())
      .map((element) => {
        const range = document.createRange();
        range.selectNodeContents(element);
        return [element.textContent, range.getBoundingClientRect()];
      })
      .filter(([, { width }]) => width > 0);
    return labels.flatMap(([a, one], n) =>
      labels
        .slice(n + 1)
        .filter(
          ([, other]) =>
            one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom,
        )
        .map(([b]) => `${a} / ${b}`),
    );
  };

  // Only these are reported: rules of less weight need not run.
  const SERIOUS = ["serious", "critical"];

  let elements = new Map(); // by place and look
  let chosen = new Set(); // the elements whose contrast is looked at
  for (const rule of axe._audit.rules) {
    rule.enabled &&= SERIOUS.includes(rule.impact);
    if (rule.id !== "color-contrast") continue;
    const { matches } = rule;
    rule.matches = (element, ...others) => chosen.has(element) && matches(element, ...others);
  }

  window.walk = {
    // The page at an address, without opening it.
    async read(path) {
      const answer = await fetch(path, { signal: AbortSignal.timeout(90_000) }).catch(() => Response.error());
      const { status, url } = answer;
      if (!answer.headers.get("content-type")?.startsWith("text/html")) {
        await answer.body?.cancel();
        return { status, url, links: [], places: [] };
      }
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const links = [...page.querySelectorAll("a[href]:not([download])")]
        .map((link) => new URL(link.getAttribute("href"), url))
        .filter(({ origin }) => origin === location.origin)
        .map(({ pathname, search }) => pathname + search);
      return { status, url, links: [...new Set(links)], places: [...placesOf(page.body, () => true).keys()] };
    },
    async measure() {
      await atRest();
      const found = { wide: wide(), small: small(), overlaps: overlaps() };
      const places = placesOf(document.body, (element) => element.checkVisibility({ visibilityProperty: true }));
      const grounds = new Map();
      elements = new Map();
      for (const [place, element] of places)
        if (isChosen(element)) elements.set(hash(String(place), lookOf(element, grounds) % 4294967296), element);
      return { ...found, looks: [...elements.keys()] };
    },
    // These rules for the elements with these looks. Without rules: all of them, for the whole page,
    // but contrast only for those elements.
    async run(looks, rules) {
      await atRest();
      // A live message may have replaced some of them.
      chosen = new Set(looks.map((look) => elements.get(look)).filter((element) => element.isConnected));
      if (rules && !chosen.size) return [];
      const { violations } = await axe.run(rules ? { include: [...chosen] } : document, {
        preload: false,
        resultTypes: ["violations"],
        ...(rules && { runOnly: rules }),
      });
      return violations
        .filter(({ impact }) => SERIOUS.includes(impact))
        .flatMap(({ id, nodes }) =>
          nodes.map(({ any, target }) => {
            const { fgColor, bgColor } = any[0]?.data ?? {};
            return `${id}: ${target.join(" ")}${fgColor ? ` ${fgColor} on ${bgColor}` : ""}`;
          }),
        );
    },
  };
})();
