import { tsupPackage } from '../../tools/tsup-package.js'

export default tsupPackage({ inlined: ['jsonc-parser'] })
