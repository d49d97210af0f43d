// Tencent's @wecom/crypto as the tests ask it: one line of JSON in, one line of JSON out; it ends when its input ends.
import { createInterface } from 'node:readline'
import { createRequire } from 'node:module'

const { decrypt, encrypt, getSignature } = createRequire(process.argv[2])(process.argv[2])

const answers = {
  encrypt: ({ key, words, receiver, salt }) =>
    salt === null ? encrypt(key, words, receiver) : encrypt(key, words, receiver, Buffer.from(salt, 'hex')),
  decrypt: ({ key, cipher }) => {
    const { message, id } = decrypt(key, cipher)
    return [message, id]
  },
  sign: ({ token, timestamp, nonce, cipher }) => getSignature(token, timestamp, nonce, cipher),
}

const lines = createInterface({ input: process.stdin })
lines.on('close', () => process.exit(0))
for await (const line of lines) {
  const { asked, ...details } = JSON.parse(line)
  let said
  try {
    said = { answer: answers[asked](details) }
  } catch (error) {
    said = { error: String(error) }
  }
  process.stdout.write(`${JSON.stringify(said)}\n`)
}
