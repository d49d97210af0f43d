// emulate's Slack as the tests run it: one line of JSON in, one line of JSON out; it ends when its input ends.
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'

const { createEmulator } = await import(pathToFileURL(process.argv[2]).href)

// tests move the clock: a number stands still, null is the machine's own
const machine = Date.now
let standing = null
Date.now = () => standing ?? machine()

let slack = null
const answers = {
  // a new workspace for every story; the emulator's own reset would keep its count of requests per hour
  async seed(seed) {
    await slack?.close()
    slack = await createEmulator({ service: 'slack', port: 0, hostname: '127.0.0.1', seed: { slack: seed } })
    return { url: slack.url.replace('localhost', '127.0.0.1') }
  },
  now(instant) {
    standing = instant
    return {}
  },
}

const lines = createInterface({ input: process.stdin })
lines.on('close', () => process.exit(0))
for await (const line of lines) {
  const [[asked, value]] = Object.entries(JSON.parse(line))
  let said
  try {
    said = await answers[asked](value)
  } catch (error) {
    said = { error: String(error?.stack ?? error) }
  }
  process.stdout.write(`${JSON.stringify(said)}\n`)
}
