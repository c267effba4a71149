import {type KeyPress} from '../keys.js';
import {type Loaded, type Question} from '../requests.js';
import {listRows, movedIn, placeText} from './list.js';
import {type OverlayStep} from './overlay.js';
import {piece, type Face, type Room} from './rows.js';

/**
The questions of a conversation of the log, to go on after one of them.
*/
export type Fork = {
	readonly type: 'fork';
	readonly id: string;
	readonly title: string;

	/**
	Null until they have come.
	*/
	readonly questions: readonly Question[] | null;
	readonly at: number;
};

/**
For whoever opens it to ask for the questions.
*/
export function forkOf(id: string, title: string): Fork {
	return {type: 'fork', id, title, questions: null, at: 0};
}

export function pressFork(
	fork: Fork,
	{chord}: KeyPress,
	{rows}: Room,
): OverlayStep {
	const {id, questions, at} = fork;

	if (chord === 'escape') {
		return {overlay: null};
	}

	if (chord === 'enter') {
		return {
			overlay: fork,
			requests: (questions ?? [])
				.slice(at, at + 1)
				.map(({turn}) => ({type: 'continue', id, afterTurn: turn})),
		};
	}

	const total = questions?.length ?? 0;
	return {
		overlay: {...fork, at: movedIn(at, chord, {total, page: rows}) ?? at},
	};
}

export function forkLoaded(fork: Fork, loaded: Loaded): OverlayStep {
	if (loaded.kind !== 'questions' || loaded.id !== fork.id) {
		return {overlay: fork};
	}

	const {questions} = loaded;
	return {
		overlay: {...fork, questions, at: Math.max(0, questions.length - 1)},
	};
}

export function forkFace(
	{title, questions, at}: Fork,
	{columns, rows}: Room,
): Face {
	const all = questions ?? [];

	return {
		title: `Fork “${title}” after which question?`,
		note: questions ? placeText(at, all.length) : 'looking…',
		rows: listRows(
			all.map(({turn, prompt}) => [piece(`${turn}  `, 'dim'), piece(prompt)]),
			at,
			{columns, rows},
		),
		keys: '↑↓ choose · Enter go on after it · Esc back   The conversation itself stays as it is.',
	};
}
