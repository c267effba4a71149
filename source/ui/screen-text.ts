import {createSynthesisStream} from '../core/reading/synthesis-stream.js';
import {createCleaner} from '../text/cleaner.js';
import {createTail, tailOf, type Tail} from '../text/tail.js';
import {createArbiterMarks} from './arbiter-marks.js';
import {type Extent} from './grid-plan.js';
import {createMemberMarks} from './member-marks.js';
import {type TextKind} from './run-views.js';

export type Channel = 'text' | 'thinking';

/**
Says what a piece of a call's stream is to a reader.
*/
export type Reader = {
	readonly read: (
		channel: Channel,
		text: string,
	) => {readonly kind: TextKind; readonly text: string};

	/**
	The stream is over: what was held back of the text.
	*/
	readonly end: () => string;
};

/**
A member's text is its answer.
*/
export function memberReader(): Reader {
	const marks = createMemberMarks();

	return {
		read: (channel, text) =>
			channel === 'text'
				? {kind: 'answer', text: marks.push(text)}
				: {kind: 'thinking', text},
		end: marks.end,
	};
}

/**
What an arbiter writes before its synthesis is how it came to it.
*/
export function arbiterReader(): Reader {
	const synthesis = createSynthesisStream();
	const marks = createArbiterMarks();
	let hasBegun = false;

	const read: Reader['read'] = (channel, text) => {
		if (channel === 'thinking') {
			return {kind: 'thinking', text};
		}

		const {head, text: shown} = synthesis.push(text);
		hasBegun ||= head !== null;
		return hasBegun
			? {kind: 'answer', text: shown}
			: {kind: 'thinking', text: marks.push(text)};
	};

	return {read, end: () => (hasBegun ? '' : marks.end())};
}

/**
The end of a call's text as a pane shows it.
*/
export type ScreenText = {
	readonly kind: TextKind;
	readonly lines: () => readonly string[];

	/**
	How many lines there were; null where only the end of a text was laid out.
	*/
	readonly total: () => number | null;
	readonly push: (channel: Channel, text: string) => void;

	/**
	The stream is over: what was held back is shown.
	*/
	readonly end: () => void;

	/**
	What is shown is of the call before, and stays until the next says something.
	*/
	readonly age: () => void;

	/**
	Show a whole text so far instead, for its own size or another.
	*/
	readonly show: (
		text: {readonly thinking: string; readonly text: string} | null,
		how?: {readonly kind?: TextKind | null; readonly extent?: Extent},
	) => void;
};

/**
As many characters as fill a pane, however many of them have no width of their own.
*/
const enough = ({width, height}: Extent) => 4 * width * (height + 1) + 256;

export function createScreenText(
	first: Extent,
	readerOf: () => Reader,
): ScreenText {
	let extent = first;
	let reader = readerOf();
	let cleaner = createCleaner();
	let tail = emptyTail(extent);
	let kind: TextKind = 'answer';
	let isEmpty = true;
	let isCounted = true;

	const begin = (next: TextKind) => {
		kind = next;
		cleaner = createCleaner();
		tail = emptyTail(extent);
		isCounted = true;
	};

	const take = ({kind: next, text}: ReturnType<Reader['read']>) => {
		// Thoughts in between do not cover the answer.
		const isCovering = next === 'thinking' && kind === 'answer' && !isEmpty;

		if (text === '' || isCovering) {
			return;
		}

		if (next !== kind || isEmpty) {
			begin(next);
			isEmpty = false;
		}

		tail.push(cleaner.push(text).slice(-enough(extent)));
	};

	return {
		get kind() {
			return kind;
		},
		lines: () => (isEmpty ? [] : tail.lines()),
		total: () => (isEmpty ? 0 : isCounted ? tail.total : null),
		push(channel, text) {
			take(reader.read(channel, text));
		},
		end() {
			tail.push(cleaner.push(reader.end()) + cleaner.end());
		},
		age() {
			kind = 'earlier';
			reader = readerOf();
		},
		show(whole, {kind: wanted = null, extent: size = extent} = {}) {
			extent = size;
			reader = readerOf();
			begin('answer');
			isEmpty = true;

			for (const channel of ['thinking', 'text'] as const) {
				const {kind: next, text} = reader.read(channel, whole?.[channel] ?? '');

				if (text !== '') {
					begin(wanted ?? next);
					isEmpty = false;
					tail = tailOf(cleaner.push(text.slice(-enough(extent))), {
						width: extent.width,
						keep: Math.max(1, extent.height),
					});
					isCounted = tail.total < extent.height;
				}
			}
		},
	};
}

function emptyTail({width, height}: Extent): Tail {
	return createTail({width: Math.max(1, width), keep: Math.max(1, height)});
}
