// What pages and libraries add to the types of browsers.

// Elements that scripts select are HTML elements, unless the selector is the name of an SVG tag.
interface ParentNode {
  querySelector<K extends keyof HTMLElementTagNameMap>(selectors: K): HTMLElementTagNameMap[K] | null;
  querySelector<K extends keyof SVGElementTagNameMap>(selectors: K): SVGElementTagNameMap[K] | null;
  querySelector<E extends Element = HTMLElement>(selectors: string): E | null;
  querySelectorAll<K extends keyof HTMLElementTagNameMap>(selectors: K): NodeListOf<HTMLElementTagNameMap[K]>;
  querySelectorAll<K extends keyof SVGElementTagNameMap>(selectors: K): NodeListOf<SVGElementTagNameMap[K]>;
  querySelectorAll<E extends Element = HTMLElement>(selectors: string): NodeListOf<E>;
}
interface Element {
  closest<K extends keyof HTMLElementTagNameMap>(selector: K): HTMLElementTagNameMap[K] | null;
  closest<E extends Element = HTMLElement>(selectors: string): E | null;
}
interface DateConstructor {
  parse(text: string | undefined): number; // NaN
}

/** A message of docs/live.md. */
interface LiveMessage {
  id?: number;
  type: string;
  at?: string; // ISO 8601
  data: any;
  spread?: number; // ms over which pages that fetch something shall ask
}
interface HTMLElementEventMap {
  live: CustomEvent<LiveMessage>;
  [type: `live:${string}`]: CustomEvent<any>;
  [type: `htmx:${string}`]: CustomEvent<any>;
  [type: `announcement:${string}`]: CustomEvent<any>;
  [type: `deposits:${string}`]: CustomEvent<any>;
}
interface Window {
  htmx?: any;
  tus?: any;
  qrcode?: any;
}
interface Navigator {
  connection?: { saveData: boolean; type?: string };
}
