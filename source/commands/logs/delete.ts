import {UserError} from '../../core/user-error.js';
import {type Log} from '../../store/log.js';
import {type Unwanted} from '../../store/trash-selection.js';
import {type Amount, type Doomed} from '../../store/trash-summary.js';
import {confirm} from '../confirm.js';
import {excerpt, minuteOf} from '../table.js';
import {withLog} from '../with-log.js';
import {createWorld} from '../../world.js';
import {count} from './amounts.js';
import {inSteps} from './in-steps.js';
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
	const code = await withLog(place, async log => {
		const {previewDeletion, deleteInBatches} =
			await import('../../store/trash.js');
		const now = Date.now();
		const {unwanted, what} = await resolved(log, wanted, now);
		const expected = previewDeletion(log, unwanted, now);
		place.stderr.write(previewText(expected));

		if (expected.responses + expected.runs === 0) {
			return 0;
		}

		if (
			!flags.force &&
			!(await confirm(place, `Delete ${what} (${amountText(expected)})?`))
		) {
			place.stderr.write('Nothing was deleted.\n');
			return 0;
		}

		const id = createWorld().newId();
		const steps = deleteInBatches(log, unwanted, {id, now, what, expected});
		const {value: deleted, rows, exitCode} = await inSteps(steps, place, what);
		place.stdout.write(
			deleted
				? `Deleted ${what} (${amountText(deleted)}). To bring it back: consortium-tui logs undo. To give it up for good: consortium-tui logs vacuum\n`
				: `Stopped. Deleted so far: ${count(rows, 'answer')}. To bring them back: consortium-tui logs undo. To delete the rest: the same command again.\n`,
		);
		const added = (deleted?.staying ?? 0) - expected.staying;

		if (added > 0) {
			place.stderr.write(
				`${count(added, 'conversation')} stayed that something was added to meanwhile.\n`,
			);
		}

		return exitCode;
	});

	if (code === null) {
		place.stderr.write('Nothing is in the log yet.\n');
	}

	return code ?? 0;
}

function amountText({runs, responses}: Amount): string {
	return `${count(runs, 'run')}, ${count(responses, 'answer')}`;
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
