const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** A text as HTML shows it, also inside an attribute's quotes. Control characters become `?`. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[^\P{C}\n\t]/gu, '?').replaceAll(/[&<>"']/g, (character) => entities[character] ?? '')
}
