/**
The words and numbers of a text in small letters, typographic variants made one.
*/
export function wordsOf(text: string): string[] {
	const plain = text.normalize('NFKC').toLowerCase().replaceAll('’', "'");
	return plain.match(/\d+(?:[.,]\d+)*|\p{L}+(?:'\p{L}+)?/gv) ?? [];
}
