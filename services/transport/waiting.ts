/** Those who wait until something is so; they look whenever they are woken. */
export class Waiting {
  readonly #wakes = new Set<() => void>()

  /** Resolves when it is so, or when `signal` aborts. */
  until(isSo: () => boolean, signal?: AbortSignal): Promise<void> {
    const ready = () => signal?.aborted === true || isSo()
    if (ready()) return Promise.resolve()
    return new Promise((resolve) => {
      const wake = () => {
        if (!ready()) return
        this.#wakes.delete(wake)
        signal?.removeEventListener('abort', wake)
        resolve()
      }
      this.#wakes.add(wake)
      signal?.addEventListener('abort', wake)
    })
  }

  wake(): void {
    for (const wake of [...this.#wakes]) wake()
  }
}
