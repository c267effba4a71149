import {UserError} from '../../core/user-error.js';
import {type Doomed} from '../../store/trash.js';
import {type Unwanted} from '../../store/trash-selection.js';
import {type Log} from '../../store/log.js';
import {confirm} from '../confirm.js';
import {excerpt, minuteOf} from '../table.js';
import {withLog} from '../with-log.js';
import {noWords} from '../words.js';
import {createWorld} from '../../world.js';
import {type LogsCall} from './logs-call.js';

/**
Take answers out of the log; they lie in its trash until `vacuum`.
*/
export async function deleteLogged({
	input,
	flags,
	place,
	usage,
}: LogsCall): Promise<number> {
	const wanted = wantedOf(input, flags, usage);
	const isDone = await withLog(place, async log => {
		const {previewDeletion, deleteLogged: move} =
			await import('../../store/trash.js');
		const now = Date.now();
		const {unwanted, what} = await resolved(log, wanted, now);
		const expected = previewDeletion(log, unwanted, now);
		place.stderr.write(previewText(expected));

		if (expected.responses + expected.runs === 0) {
			return true;
		}

		const amount = `${count(expected.runs, 'run')}, ${count(expected.responses, 'answer')}`;

		if (
			!flags.force &&
			!(await confirm(place, `Delete ${what} (${amount})?`))
		) {
			place.stderr.write('Nothing was deleted.\n');
			return true;
		}

		move(log, unwanted, {id: createWorld().newId(), now, what, expected});
		place.stdout.write(
			`Deleted ${what} (${amount}). To bring it back: consortium-tui logs undo. To give it up for good: consortium-tui logs vacuum\n`,
		);
		return true;
	});

	if (isDone === null) {
		place.stderr.write('Nothing is in the log yet.\n');
	}

	return 0;
}

/**
Put back what the latest deletion took.
*/
export async function undo({input, place, usage}: LogsCall): Promise<number> {
	noWords(input, usage);
	const {undoDeletion} = await import('../../store/trash-undo.js');
	const deletion = await withLog(place, log => undoDeletion(log));

	if (deletion === null) {
		throw new UserError('There is no deletion to undo.');
	}

	const {what, responses, at} = deletion;
	place.stdout.write(
		`Back again: ${what} (${count(responses, 'answer')}), deleted ${minuteOf(at)}.\n`,
	);
	return 0;
}

/**
Give up for good what is deleted, and make the file small.
*/
export async function vacuum({
	input,
	flags,
	place,
	usage,
}: LogsCall): Promise<number> {
	noWords(input, usage);
	const isDone = await withLog(place, async log => {
		const {compact, emptyTrash, trashStatus} =
			await import('../../store/trash-vacuum.js');
		const now = Date.now();
		const {deletions, hidden, responses, bytes} = trashStatus(log, now);
		const isLosing = deletions + hidden > 0;

		if (
			isLosing &&
			!flags.force &&
			!(await confirm(
				place,
				`Give up ${count(responses, 'deleted answer')} for good? That frees about ${megabytes(bytes)}.`,
			))
		) {
			place.stderr.write('Nothing was given up.\n');
			return true;
		}

		const before = sizeOf(log);

		if (isLosing) {
			emptyTrash(log, {id: createWorld().newId(), now});
		}

		const isGone = compacted(compact, log, isLosing);
		place.stdout.write(
			`${isLosing ? `Gave up ${count(responses, 'deleted answer')}. ` : 'The trash was empty. '}The log is ${megabytes(before - sizeOf(log))} smaller.\n`,
		);

		if (!isGone) {
			place.stderr.write(
				`Another program reads the log: some of what was deleted is beside it, in ${log.name}-wal, until that program ends.\n`,
			);
		}

		return true;
	});

	if (isDone === null) {
		place.stderr.write('Nothing is in the log yet.\n');
	}

	return 0;
}

function compacted(
	compact: (log: Log) => boolean,
	log: Log,
	isEmptied: boolean,
): boolean {
	try {
		return compact(log);
	} catch (error) {
		throw error instanceof UserError && isEmptied
			? new UserError(
					`What was deleted is given up, but the file could not be made smaller. ${error.message}`,
					'Then try again: consortium-tui logs vacuum',
					{cause: error},
				)
			: error;
	}
}

function sizeOf(log: Log): number {
	return (
		Number(log.pragma('page_count', {simple: true})) *
		Number(log.pragma('page_size', {simple: true}))
	);
}

type Wanted =
	| {readonly kind: 'ids'; readonly typed: readonly string[]}
	| {readonly kind: 'conversation'; readonly typed: string}
	| {readonly kind: 'older'; readonly age: string; readonly ageMs: number}
	| {readonly kind: 'all'};

function wantedOf(
	input: readonly string[],
	{cid, olderThan, all}: LogsCall['flags'],
	usage: string,
): Wanted {
	const wanted: Wanted[] = [
		...(input.length > 0 ? [{kind: 'ids', typed: input} as const] : []),
		...(cid === undefined ? [] : [{kind: 'conversation', typed: cid} as const]),
		...(olderThan === undefined
			? []
			: [{kind: 'older', age: olderThan, ageMs: ageOf(olderThan)} as const]),
		...(all ? [{kind: 'all'} as const] : []),
	];
	const [only] = wanted;

	if (only === undefined || wanted.length > 1) {
		throw new UserError(
			only === undefined
				? 'What to delete is missing.'
				: 'Ids, --cid, --older-than and --all exclude one another.',
			`Usage: consortium-tui ${usage}`,
		);
	}

	return only;
}

const unitsMs: Readonly<Record<string, number>> = {
	h: 3_600_000,
	d: 86_400_000,
	w: 7 * 86_400_000,
	y: 365 * 86_400_000,
};

function ageOf(text: string): number {
	const [, amount = '', unit = ''] =
		/^(\d{1,6})([hdwy])$/.exec(text.trim().toLowerCase()) ?? [];

	if (amount === '') {
		throw new UserError(
			`--older-than takes an age in hours, days, weeks or years, not "${text}".`,
			'For example: 12h, 90d, 6w, 1y',
		);
	}

	return Number(amount) * unitsMs[unit]!;
}

async function resolved(
	log: Log,
	wanted: Wanted,
	now: number,
): Promise<{readonly unwanted: Unwanted; readonly what: string}> {
	const {findAnyConversation, findWhole} =
		await import('../../store/find-id.js');

	switch (wanted.kind) {
		case 'ids': {
			const ids = [...new Set(wanted.typed.map(id => findWhole(log, id)))];
			return {
				unwanted: {kind: 'ids', ids},
				what: ids.length === 1 ? ids[0]! : `${ids.length} runs or answers`,
			};
		}

		case 'conversation': {
			const id = findAnyConversation(log, wanted.typed);
			return {
				unwanted: {kind: 'conversation', id},
				what: `the conversation ${id}`,
			};
		}

		case 'older': {
			return {
				unwanted: {kind: 'older', before: now - wanted.ageMs},
				what: `what is older than ${wanted.age}`,
			};
		}

		case 'all': {
			return {unwanted: {kind: 'all'}, what: 'everything'};
		}
	}
}

function previewText(doomed: Doomed): string {
	const {conversations, runs, responses, firstAt, lastAt} = doomed;
	const stays =
		doomed.staying === 0
			? []
			: [
					`${count(doomed.staying, 'conversation')} would stay: what goes on right now, and what others build on.`,
				];

	if (responses + runs === 0) {
		return ['Nothing to delete.', ...stays, ''].join('\n');
	}

	const span =
		firstAt === null || lastAt === null
			? []
			: [`From ${minuteOf(firstAt)} to ${minuteOf(lastAt)}`];
	const paid =
		doomed.costUsd === null
			? []
			: [
					`Paid: ${doomed.costIsComplete ? '' : 'at least '}$${doomed.costUsd.toFixed(4)}`,
				];

	return [
		`${count(conversations, 'conversation')}, ${count(runs, 'run')}, ${count(responses, 'answer')}`,
		...span,
		...paid,
		...doomed.questions.map(question => `  ${excerpt(question)}`),
		...stays,
		'',
	].join('\n');
}

function count(amount: number, name: string): string {
	return `${amount} ${name}${amount === 1 ? '' : 's'}`;
}

function megabytes(bytes: number): string {
	return `${(Math.max(0, bytes) / 1e6).toFixed(1)} MB`;
}
