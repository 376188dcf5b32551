/** An application's APIs send few names of headers; whoever sends ever new ones only makes us forget. */
const MOST = 1000
const LONGEST = 64

/** What is to be known of a header's name is found out once: the same few come with every answer. */
export function ofName<What>(tell: (name: string) => What): (name: string) => What {
  const known = new Map<string, What>()
  return (name) => {
    let what = known.get(name)
    if (what === undefined) {
      what = tell(name)
      if (name.length > LONGEST) return what
      if (known.size >= MOST) known.clear()
      known.set(name, what)
    }
    return what
  }
}
