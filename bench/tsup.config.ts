import { defineConfig } from 'tsup'

// Everything from packages stays an import, so that what is measured is what is built.
export default defineConfig({
  entry: {
    main: 'main.ts',
    'kit-server': 'driver-kit/kit-server.ts',
    'bare-server': 'driver-kit/bare-server.ts',
    'gateway-server': 'dev-gateway/gateway-server.ts',
    'ssh-server': 'dev-gateway/ssh-server.ts',
    'own-client': 'sdk/own-client.ts',
  },
  format: 'esm',
  target: 'node20',
  skipNodeModulesBundle: true,
  clean: true,
  tsconfig: '../tsconfig.base.json',
})
