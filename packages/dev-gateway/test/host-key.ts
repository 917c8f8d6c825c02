import ssh2 from 'ssh2'

/** A fresh Ed25519 host key. The library writes about one key in 300 that it cannot read itself. */
export function generateHostKey(): string {
  for (;;) {
    const { private: key } = ssh2.utils.generateKeyPairSync('ed25519')
    if (!(ssh2.utils.parseKey(key) instanceof Error)) return key
  }
}
