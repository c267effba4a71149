import {columnsOf} from './columns.js';

export type TailSize = {
	/**
	Columns of the screen, at least 2.
	*/
	readonly width: number;

	/**
	How many of the last lines are kept; `Infinity` for all.
	*/
	readonly keep: number;
};

/**
A text wrapped as it grows.
*/
export type Tail = {
	readonly push: (text: string) => void;

	/**
	The last lines; the very last is still open. The same list until more is pushed.
	*/
	readonly lines: () => readonly string[];

	/**
	How many lines there were, those no longer kept included.
	*/
	readonly total: number;
};

/**
Line feeds, spaces, characters of scripts that are written without spaces, and words. A word of megabytes, which would exhaust the stack of the pattern, comes in parts that no line can hold anyway.
*/
const parts =
	/\n| {1,4096}|[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]\p{M}{0,4096}|[^ \n\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]{1,4096}/gu;
const segmenter = new Intl.Segmenter();

/**
What a part is divided into where it is too wide for a line: first characters as people see them, then what those are made of.
*/
const divisions: ReadonlyArray<(part: string) => Iterable<string>> = [
	part => Array.from(segmenter.segment(part), ({segment}) => segment),
	part => part,
];

/**
Wrap a text that `cleaned()` has been through, in lines of at most `width` columns: between words, and words only where they have to be. The spaces at a break, and at the end of a line, are left out.

What a push costs depends on what is pushed and on the width, not on what came before; lines that are not kept cost no memory.
*/
export function createTail({width, keep}: TailSize): Tail {
	// Accents have no width: without this limit they could make one line of any length.
	const longest = 8 * (width + 1);
	let closed: string[] = [];
	let count = 0;
	let line = '';
	let columns = 0;
	let snapshot: readonly string[] | null = null;

	const close = () => {
		closed.push(line.trimEnd());
		count++;
		line = '';
		columns = 0;

		// Now and then, so that each line costs the same.
		if (closed.length > 2 * keep) {
			closed = closed.slice(-keep);
		}
	};

	const place = (part: string, divide = 0) => {
		const needed = columnsOf(part);
		const fits = () =>
			columns + needed <= width && line.length + part.length <= longest;

		if (!fits() && line !== '') {
			if (line.trim() === '') {
				line = '';
				columns = 0;
			} else {
				close();
			}
		}

		if (!fits() && divide < divisions.length) {
			for (const piece of divisions[divide]!(part)) {
				place(piece, divide + 1);
			}
		} else {
			line += part;
			columns += needed;
		}
	};

	return {
		push(text) {
			// The open line is laid out once more, since its last word may have grown.
			const fresh = line + text;
			line = '';
			columns = 0;
			snapshot = null;

			for (const [part] of fresh.matchAll(parts)) {
				if (part === '\n') {
					close();
				} else if (part.startsWith(' ')) {
					// One may stand beyond the edge, to keep two words apart.
					const room = Math.max(0, width + 1 - columns);
					const spaces = part.slice(0, room);
					line += spaces;
					columns += spaces.length;
				} else {
					place(part);
				}
			}
		},
		lines() {
			snapshot ??= [...closed, line.trimEnd()].slice(-keep);
			return snapshot;
		},
		get total() {
			return count + 1;
		},
	};
}

/**
The same for a text that is there already. For a finite `keep` only the end of it is looked at, and `total` counts from there.
*/
export function tailOf(text: string, {width, keep}: TailSize): Tail {
	let from = text.length;

	for (let lines = 0; lines < keep && from !== -1; lines++) {
		from = from === 0 ? -1 : text.lastIndexOf('\n', from - 1);
	}

	const tail = createTail({width, keep});
	tail.push(text.slice(from + 1));
	return tail;
}
