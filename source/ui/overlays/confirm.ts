import {type KeyPress} from '../keys.js';
import {type Request} from '../requests.js';
import {type Overlay, type OverlayStep} from './overlay.js';
import {
	blank,
	entryRow,
	paragraph,
	piece,
	type Face,
	type Room,
} from './rows.js';

/**
A question before something that cannot be taken back. No is the answer unless the person says otherwise.
*/
export type Confirm = {
	readonly type: 'confirm';
	readonly question: string;

	/**
	What a yes asks for; null when it only closes.
	*/
	readonly request: Request | null;
	readonly isYes: boolean;

	/**
	What takes its place after each answer.
	*/
	readonly yes: Overlay | null;
	readonly no: Overlay | null;
};

export function confirmOf(
	question: string,
	request: Request | null,
	{
		yes = null,
		no = null,
	}: {readonly yes?: Overlay | null; readonly no?: Overlay | null} = {},
): Confirm {
	return {type: 'confirm', question, request, isYes: false, yes, no};
}

const turning = new Set(['up', 'down', 'left', 'right', 'tab', 'shift+tab']);

export function pressConfirm(confirm: Confirm, {chord}: KeyPress): OverlayStep {
	const {request, isYes, yes, no} = confirm;

	if (chord.toLowerCase() === 'y' || (chord === 'enter' && isYes)) {
		return {overlay: yes, requests: request ? [request] : []};
	}

	if (turning.has(chord)) {
		return {overlay: {...confirm, isYes: !isYes}};
	}

	const isNo = ['n', 'enter', 'escape'].includes(chord.toLowerCase());
	return {overlay: isNo ? no : confirm};
}

export function confirmFace(
	{question, isYes}: Confirm,
	{columns, rows}: Room,
): Face {
	return {
		title: 'Please confirm',
		note: '',
		rows: [
			...paragraph(question, columns).slice(0, rows - 3),
			blank,
			entryRow([piece('No')], !isYes, columns),
			entryRow([piece('Yes')], isYes, columns),
		],
		keys: 'y yes · n no · ↑↓ choose · Enter answer · Esc no',
	};
}
