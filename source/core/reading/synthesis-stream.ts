import {SectionTracker} from './section-tracker.js';
import {nextToken} from './tokens.js';
import {type ParsedVerdict, parseVerdict, verdictSections} from './verdict.js';

export type SynthesisStream = {
	/**
	Take the next piece of an arbiter's text. `head`: what the sections before the synthesis said, once, when the synthesis begins. `text`: what is new of the synthesis, as far as it is certain to belong to it.
	*/
	readonly push: (delta: string) => {head: ParsedVerdict | null; text: string};
};

/**
Read the synthesis while it is being written. All texts together are what `parseVerdict` finds in a complete verdict with one synthesis, and a beginning of it when the verdict breaks off. The work for a piece does not grow with what went before.
*/
export function createSynthesisStream(): SynthesisStream {
	const tracker = new SectionTracker(verdictSections);
	const before: string[] = [];
	const output = createOutput();
	let state: 'before' | 'inside' | 'after' = 'before';

	// As much of what was read as the tokenizer looks back at, and what may yet become a token.
	let context = '';
	let pending = '';

	const pass = (piece: string): ParsedVerdict | null => {
		if (state === 'before') {
			before.push(piece);

			if (tracker.open?.name === 'synthesis') {
				state = 'inside';
				return headOf(before.join(''));
			}
		} else if (state === 'inside' && tracker.open) {
			output.add(piece, tracker.open.doubt !== null);
		} else if (state === 'inside') {
			output.end();
			state = 'after';
		}

		return null;
	};

	return {
		push(delta) {
			if (state === 'after') {
				return {head: null, text: ''};
			}

			const text = context + pending + delta;
			let head: ParsedVerdict | null = null;
			let at = context.length;

			while (true) {
				const token = nextToken(text, at, {
					names: tracker.names,
					isPartial: true,
				});
				const plain = text.slice(at, token.start);
				tracker.skip(plain);
				pass(plain);
				at = token.start;

				if (token.type === 'end') {
					break;
				}

				tracker.step(token);
				at = token.end;
				head = pass(text.slice(token.start, at)) ?? head;
			}

			pending = text.slice(at);
			context = contextOf(text.slice(0, at));
			return {head, text: output.take()};
		},
	};
}

/**
What the sections before the synthesis said. What is missing may still come, so there are no problems yet.
*/
function headOf(text: string): ParsedVerdict {
	return {
		...parseVerdict(text),
		synthesis: null,
		hasSynthesisSection: true,
		problems: [],
	};
}

/**
The last character that is not a blank, and whether blanks follow it.
*/
function contextOf(text: string): string {
	let end = text.length;

	while (text[end - 1] === ' ' || text[end - 1] === '\t') {
		end--;
	}

	return text.slice(Math.max(0, end - 1), end) + (end < text.length ? ' ' : '');
}

/**
Text without the white space around it, given out as early as possible.
*/
function createOutput() {
	let held: string[] = [];
	let ready = '';
	let hasBegun = false;

	const release = (text: string) => {
		const shown = hasBegun ? text : text.trimStart();
		hasBegun ||= shown !== '';
		ready += shown;
	};

	return {
		add(piece: string, isDoubtful: boolean) {
			const body = isDoubtful ? '' : piece.trimEnd();

			if (body === '') {
				held.push(piece);
			} else {
				release(held.join('') + body);
				held = [piece.slice(body.length)];
			}
		},

		end() {
			release(held.join('').trimEnd());
			held = [];
		},

		take() {
			const text = ready;
			ready = '';
			return text;
		},
	};
}
