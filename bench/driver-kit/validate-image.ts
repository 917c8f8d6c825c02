/** The handler of both servers' validation; a real one would ask its backend. Rejects for images of others. */
export async function validateImage(image: string): Promise<void> {
  if (!image.startsWith('acme/')) throw new Error('the image is unknown')
}
