/** The element with this id, which the page's HTML is sure to have. */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`expected an element with id ${id} on the page, got none.`);
  return element as T;
}
