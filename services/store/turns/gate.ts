/** Many may share; whoever is alone waits until they are through, and holds back those that ask after it. */
export interface Gate {
  shared<T>(work: () => Promise<T>): Promise<T>
  alone<T>(work: () => Promise<T>): Promise<T>
}

export function gate(): Gate {
  const line: { alone: boolean; begin: () => void }[] = []
  let sharing = 0
  let isTaken = false

  function admit(): void {
    while (line.length > 0 && !isTaken && !(line[0]!.alone && sharing > 0)) {
      const { alone, begin } = line.shift()!
      if (alone) isTaken = true
      else sharing++
      begin()
    }
  }
  async function pass<T>(alone: boolean, work: () => Promise<T>): Promise<T> {
    await new Promise<void>((begin) => {
      line.push({ alone, begin })
      admit()
    })
    try {
      return await work()
    } finally {
      if (alone) isTaken = false
      else sharing--
      admit()
    }
  }
  return { shared: (work) => pass(false, work), alone: (work) => pass(true, work) }
}
