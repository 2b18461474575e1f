// The built-ins the runner itself depends on, taken before any tenant code runs. Tenant code shares this realm and may replace
// or extend any of them (a careless polyfill is enough); framing, dispatch and answers must go on working. This is robustness,
// not isolation: what isolates a tenant is the box its process runs in.

export const { parse, stringify } = JSON;
export const { create, defineProperty, freeze, hasOwn, keys } = Object;
export const { isArray } = Array;
export const { isFinite, isInteger, isSafeInteger } = Number;
export const { setImmediate } = globalThis;
export const { byteLength } = Buffer;
export const AbortSignals = globalThis.AbortController;

/** A copy of a collection class whose methods no longer depend on the public prototype. Made empty, never iterated with `for of`. */
function privateCopy(Base) {
  class Copy extends Base {}
  for (const key of Reflect.ownKeys(Base.prototype)) {
    if (!hasOwn(Copy.prototype, key)) defineProperty(Copy.prototype, key, Object.getOwnPropertyDescriptor(Base.prototype, key));
  }
  Object.setPrototypeOf(Copy.prototype, null);
  freeze(Copy.prototype);
  return Copy;
}

export const PrivateMap = privateCopy(Map);
export const PrivateSet = privateCopy(Set);

const uncurry = (method) => Function.prototype.call.bind(method);
export const indexOf = uncurry(String.prototype.indexOf);
export const substring = uncurry(String.prototype.substring);

/** An own property, whatever `Object.prototype` has grown in the meantime. */
export function own(object, key) {
  return hasOwn(object, key) ? object[key] : undefined;
}

export function isObject(value) {
  return typeof value === 'object' && value !== null && !isArray(value);
}
