/** One event as it goes over the wire. */
type Frame = string

export interface EventRing {
  /** Keeps an event, and says how it is to be sent. */
  add(name: string, data: unknown): Frame
  /** What came after the event with this id; null when it is unknown how much that was. */
  after(id: string): Frame[] | null
  /** Something was not noted: nothing before is worth telling of. */
  forget(): void
}

/** The last events, for whoever comes back. Ids tell this process from earlier ones: their numbers begin anew. */
export function eventRing(size: number, epoch: string): EventRing {
  const frames: Frame[] = []
  let start = 0
  let end = 0
  return {
    add(name, data) {
      const frame = `id: ${epoch}-${end}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`
      frames[end % size] = frame
      end++
      start = Math.max(start, end - size)
      return frame
    },
    after(id) {
      const [, number] =
        /^(\d{1,15})$/.exec(id.startsWith(`${epoch}-`) ? id.slice(epoch.length + 1) : '') ?? []
      if (number === undefined) return null
      const next = Number(number) + 1
      if (next > end || next < start) return null
      return Array.from({ length: end - next }, (_, i) => frames[(next + i) % size]!)
    },
    forget() {
      start = ++end
    },
  }
}
