/**
Puts an empty line between two parts of a reply, which come without one. What is not a text is nothing.
*/
export function paragraphs(): (part: string, delta: unknown) => string {
	let last: string | null = null;

	return (part, delta) => {
		if (typeof delta !== 'string') {
			return '';
		}

		const isNew = last !== null && last !== part;
		last = part;
		return isNew ? `\n\n${delta}` : delta;
	};
}
