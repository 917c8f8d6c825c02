/** What both servers' validation does; a real one would ask its backend. */
export function isServedImage(image: string): boolean {
  return image.startsWith('acme/')
}
