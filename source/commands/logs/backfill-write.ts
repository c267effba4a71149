import {rmSync} from 'node:fs';
import {UserError} from '../../core/user-error.js';
import {type Log} from '../../store/log.js';
import {type Pending} from '../../store/backfill/write-back.js';
import {confirm} from '../confirm.js';
import {json, paragraph} from '../table.js';
import {withLog} from '../with-log.js';
import {search, type Search} from './backfill-search.js';
import {many, tallyLines, type Tally} from './backfill-tally.js';
import {type LogsCall} from './logs-call.js';

type Written = {
	readonly file: string;
	readonly found: Tally;

	/**
	What was written; null when there was nothing to write, or the person said no.
	*/
	readonly written: (Pending & {backup: string; undo: string}) | null;
};

/**
Find runs in logs of llm and write them there, each after a backup.

@throws UserError when no file is given, or one is ours, locked, read-only or damaged.
*/
export async function writeFiles(
	call: LogsCall,
	options: Search,
): Promise<number> {
	const {input, flags, place, usage} = call;

	if (input.length === 0) {
		throw new UserError(
			'--write needs the file to write to.',
			`Usage: consortium-tui ${usage}`,
		);
	}

	const all: Written[] = [];

	for (const file of input) {
		const each = await writeFile(file, call, options);
		all.push(each);

		if (!flags.json) {
			place.stdout.write(
				linesOf(each)
					.map(line => paragraph(line, place.stdout))
					.join(''),
			);
		}
	}

	if (flags.json) {
		place.stdout.write(json(all));
	}

	return 0;
}

async function writeFile(
	file: string,
	call: LogsCall,
	options: Search,
): Promise<Written> {
	const {explainedFile, openTheirs} =
		await import('../../store/backfill/their-file.js');
	const opened: Log[] = [];

	try {
		const database = openTheirs(file);
		opened.push(database);
		return await writeTo(database, call, options);
	} catch (error) {
		throw explainedFile(file, error);
	} finally {
		opened[0]?.close();
	}
}

async function writeTo(
	database: Log,
	call: LogsCall,
	options: Search,
): Promise<Written> {
	const {backUpTo, pendingIn, stageRuns, writeStaged} =
		await import('../../store/backfill/write-back.js');
	const file = database.name;
	const stage = stageRuns(database);
	const decided = (await decidedIn(call)) ?? new Map<string, null>();

	for (const [responseId, place] of decided) {
		if (place) {
			stage({id: place.runId, responses: [{responseId, ...place}]});
		}
	}

	let settled = 0;
	const tally = await search(database, options, {
		call,
		hear(each) {
			if (!('responses' in each)) {
				settled += decided.has(each.responseId ?? '') ? 1 : 0;
				return;
			}

			const {id, responses} = each;
			stage({
				id,
				responses: responses.filter(
					({responseId}) => decided.get(responseId) !== null,
				),
			});
		},
	});
	const found = {...tally, doubts: tally.doubts - settled};
	const pending = pendingIn(database);

	if (pending.responses === 0 || !(await isWanted(file, pending, call))) {
		return {file, found, written: null};
	}

	const {claimNames} = await import('../../store/backfill/undo-file.js');
	const {backup, undo} = claimNames(file, new Date());

	try {
		await backUpTo(database, backup);
		const written = writeStaged(database, undo);

		if (written.responses > 0) {
			return {file, found, written: {...written, backup, undo}};
		}
	} catch (error) {
		rmSync(undo, {force: true});
		throw error;
	}

	// Somebody else has written the same meanwhile.
	rmSync(backup, {force: true});
	return {file, found, written: null};
}

/**
What persons decided in our log counts in llm's as well.
*/
async function decidedIn({place}: LogsCall) {
	const {decidedPlaces} = await import('../../store/backfill/doubts.js');
	return withLog(place, decidedPlaces);
}

async function isWanted(
	file: string,
	pending: Pending,
	{flags, place}: LogsCall,
): Promise<boolean> {
	if (flags.force) {
		return true;
	}

	const {lockedSeconds} = await import('../../store/backfill/write-back.js');
	return confirm(place, writeQuestion(file, pending, lockedSeconds(pending)));
}

/**
What to ask before a file is written, which keeps other programs out for so many seconds.
*/
export function writeQuestion(
	file: string,
	{responses, runs}: Pick<Pending, 'responses' | 'runs'>,
	seconds: number,
): string {
	const meanwhile =
		seconds > 3
			? `Other programs cannot write to it for about ${Math.round(seconds)} seconds meanwhile.`
			: 'llm cannot log until it is done.';
	return `Write the places of ${many(responses, 'answer')} in ${many(runs, 'run')} into ${file}, after a backup? ${meanwhile}`;
}

function linesOf({file, found, written}: Written): string[] {
	return [
		`${file}:`,
		...tallyLines(found),
		...(found.doubts === 0
			? []
			: [
					`${many(found.doubts, 'uncertain finding')} ${found.doubts === 1 ? 'is' : 'are'} not written. To decide: consortium-tui logs backfill ${file}, then /review in the app, then --write once more.`,
				]),
		...(written === null
			? ['Nothing was written.']
			: [
					`Written: ${many(written.responses, 'answer')} in ${many(written.runs, 'run')}.${written.contradicted === 0 ? '' : ` ${many(written.contradicted, 'run')} left alone: the file names them differently.`}`,
					`As it was before: ${written.backup}`,
					`To take it back: consortium-tui logs backfill --undo ${written.undo}`,
				]),
	];
}

/**
Take back what was written to a log of llm.

@throws UserError when one of the files is not there, locked or damaged.
*/
export async function undoWritten(
	{flags, place: {stdout}}: LogsCall,
	undoFile: string,
): Promise<number> {
	const {takeBack} = await import('../../store/backfill/undo.js');
	const taken = await takeBack(undoFile);
	const {path, restored, leftAlone, columnsKept} = taken;
	const lines = [
		`${path}: ${many(restored, 'answer')} ${restored === 1 ? 'is' : 'are'} as before.`,
		...(leftAlone === 0
			? []
			: [
					`${many(leftAlone, 'answer')} left alone: changed since, or as before already.`,
				]),
		...(columnsKept.length === 0
			? []
			: [`Kept, since something else uses them: ${columnsKept.join(', ')}.`]),
	];
	stdout.write(
		flags.json
			? json(taken)
			: lines.map(line => paragraph(line, stdout)).join(''),
	);
	return 0;
}
