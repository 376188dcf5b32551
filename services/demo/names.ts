import dns, { type LookupAddress, type LookupOptions } from 'node:dns'

// What a hosts file would say: the demo's names are this machine. Imported for its effect, in the demo's own processes.

type Found = (error: Error | null, address: string | LookupAddress[], family?: number) => void

const HERE = '127.0.0.1'
const lookup = dns.lookup as (name: string, options: LookupOptions, found: Found) => void

dns.lookup = ((name: string, options: LookupOptions, found: Found) => {
  if (!name.endsWith('.example')) return lookup(name, options, found)
  if (options.all) process.nextTick(found, null, [{ address: HERE, family: 4 }])
  else process.nextTick(found, null, HERE, 4)
}) as typeof dns.lookup
