// Waiting for what must come, with a deadline, instead of sleeping.

const WITHIN_MS = 10_000

/** A value that is given once. */
export function promised() {
  const made = {}
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }))
  return made
}

/** `promise`, or a failure that names what did not come. */
export async function within(what, promise, ms = WITHIN_MS) {
  let timer
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} did not come within ${ms} ms`)), ms)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}

/** Asks again until the answer is true; the question itself takes a round trip, so nothing spins. */
export async function until(what, question, ms = WITHIN_MS) {
  const end = performance.now() + ms
  while (!(await question())) {
    if (performance.now() > end) throw new Error(`${what}: not within ${ms} ms`)
  }
}
