import { openEmbedded } from '../../services/store/connect/embedded.ts'

// Tries to open the directory given to it and says what came of it.
try {
  await openEmbedded(process.argv[2]!, 'telltale', 700_000_000)
  process.stdout.write('opened')
} catch (error) {
  process.stdout.write(JSON.stringify(error))
  process.stdout.write((error as Error).message)
}
process.exit(0)
