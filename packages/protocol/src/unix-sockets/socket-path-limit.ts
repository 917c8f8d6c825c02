/** The size of a socket address's path in bytes, including the terminator: 108 on Linux, 104 on macOS and the BSDs. */
export const socketPathLimit = process.platform === 'linux' ? 108 : 104
