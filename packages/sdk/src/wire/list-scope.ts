/** Whose items a list gives. */
export type ListScope = { readonly workspace: string } | { readonly allWorkspaces: true }
