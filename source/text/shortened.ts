/**
A text on one line, of at most `most` characters, with an ellipsis in place of its end, or of its middle.
*/
export function shortened(
	text: string,
	most: number,
	keeps: 'beginning' | 'both ends' = 'beginning',
): string {
	const characters = [...text.replaceAll(/\s+/g, ' ').trim()];

	if (characters.length <= most) {
		return characters.join('');
	}

	const after = keeps === 'both ends' ? Math.floor((most - 1) / 2) : 0;
	const before = characters.slice(0, most - 1 - after).join('');
	return `${before}…${characters.slice(characters.length - after).join('')}`;
}
