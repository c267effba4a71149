import {accessSync, constants, rmSync} from 'node:fs';
import {dirname} from 'node:path';
import {UserError} from '../../core/user-error.js';
import {type Log} from '../../store/log.js';
import {type Pending} from '../../store/backfill/write-back.js';
import {confirm} from '../confirm.js';
import {json, paragraph} from '../table.js';
import {withLog} from '../with-log.js';
import {search, type Search} from './backfill-search.js';
import {
	doubtLines,
	leftLines,
	many,
	tallyLines,
	type Tally,
} from './backfill-tally.js';
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
A file that was looked through, and what would be written into it.
*/
type Prepared = {
	readonly file: string;
	readonly database: Log;
	readonly found: Tally;
	readonly pending: Pending;
};

/**
Find runs in logs of llm and write them there, each after a backup: nothing to any of them when one cannot be written.

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

	const {explainedFile} = await import('../../store/backfill/their-file.js');
	const told = flags.json ? place.stderr : place.stdout;
	const tell = (lines: readonly string[], stream = told) => {
		stream.write(lines.map(line => paragraph(line, stream)).join(''));
	};

	const opened: Log[] = [];
	const done: Written[] = [];
	let file: string | null = null;

	try {
		const prepared: Prepared[] = [];

		for (file of input) {
			prepared.push(await prepare(file, {call, options, opened}));
		}

		if (!flags.json || !flags.force) {
			tell(prepared.flatMap(each => findingLines(each, call)));
		}

		file = null;
		const isWanted = await isEachWanted(prepared, call);

		for (const {pending, ...each} of prepared) {
			file = each.file;
			const written =
				isWanted && pending.responses > 0 ? await write(each, call) : null;
			done.push({file, found: each.found, written});

			if (!flags.json) {
				tell(writtenLines(done.at(-1)!, input.length > 1));
			}
		}
	} catch (error) {
		throw file === null
			? error
			: withOthers(explainedFile(file, error), file, {input, done});
	} finally {
		for (const database of opened) {
			database.close();
		}

		if (flags.json && done.length > 0) {
			place.stdout.write(json(done));
		}
	}

	return 0;
}

/**
An error about one of several files also says what became of the others.
*/
function withOthers(
	error: unknown,
	file: string,
	{
		input,
		done,
	}: {readonly input: readonly string[]; readonly done: readonly Written[]},
): unknown {
	if (!(error instanceof UserError) || input.length === 1) {
		return error;
	}

	const written = done
		.filter(each => each.written !== null)
		.map(each => each.file);
	const others = input.filter(each => each !== file && !written.includes(each));
	return new UserError(
		[
			error.message,
			...(written.length === 0
				? []
				: [`Written before that: ${written.join(', ')}.`]),
			...(others.length === 0 ? [] : [`Left as it was: ${others.join(', ')}.`]),
		].join(' '),
		error.hint,
		{cause: error.cause},
	);
}

/**
Look through a file, and see whether what is found can be written there.
*/
async function prepare(
	file: string,
	{
		call,
		options,
		opened,
	}: {
		readonly call: LogsCall;
		readonly options: Search;
		readonly opened: Log[];
	},
): Promise<Prepared> {
	const {openTheirs} = await import('../../store/backfill/their-file.js');
	const {pendingIn, stageRuns} =
		await import('../../store/backfill/write-back.js');
	const database = openTheirs(file);
	opened.push(database);
	// Its backup goes beside it.
	accessSync(dirname(file), constants.W_OK);
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

	return {
		file,
		database,
		found: {...tally, doubts: tally.doubts - settled},
		pending: pendingIn(database),
	};
}

/**
@returns null when somebody else has written the same meanwhile.
*/
async function write(
	{file, database}: Pick<Prepared, 'file' | 'database'>,
	{place: {stderr}}: LogsCall,
): Promise<Written['written']> {
	const {backUpTo, writeStaged} =
		await import('../../store/backfill/write-back.js');
	const {claimNames} = await import('../../store/backfill/undo-file.js');
	const {backup, undo} = claimNames(file, new Date());

	try {
		await backUpTo(database, backup, {
			onHurry() {
				stderr.write(
					paragraph(
						`Other programs keep writing to ${file}: they have to wait while the backup is made in one step.`,
						stderr,
					),
				);
			},
		});
		const written = writeStaged(database, undo);

		if (written.responses > 0) {
			return {...written, backup, undo};
		}
	} catch (error) {
		rmSync(undo, {force: true});
		rmSync(backup, {force: true});
		throw error;
	}

	rmSync(backup, {force: true});
	return null;
}

/**
What persons decided in our log counts in llm's as well.
*/
async function decidedIn({place}: LogsCall) {
	const {decidedPlaces} = await import('../../store/backfill/doubts.js');
	return withLog(place, decidedPlaces);
}

async function isEachWanted(
	prepared: readonly Prepared[],
	{flags, place}: LogsCall,
): Promise<boolean> {
	const files = prepared.filter(({pending}) => pending.responses > 0);

	if (files.length === 0 || flags.force) {
		return files.length > 0;
	}

	const {lockedSeconds} = await import('../../store/backfill/write-back.js');
	const seconds = Math.max(...files.map(({pending}) => lockedSeconds(pending)));
	return confirm(place, writeQuestion(files, seconds));
}

/**
What to ask before files are written, which keeps other programs out of each for so many seconds at most.
*/
export function writeQuestion(
	files: ReadonlyArray<{
		readonly file: string;
		readonly pending: Pick<Pending, 'responses' | 'runs'>;
	}>,
	seconds: number,
): string {
	const places = files.map(
		({file, pending: {responses, runs}}) =>
			`of ${many(responses, 'answer')} in ${many(runs, 'run')} into ${file}`,
	);
	const isOne = files.length === 1;
	const meanwhile =
		seconds > 3
			? `Other programs cannot write to ${isOne ? 'it' : 'a file'} for about ${Math.round(seconds)} seconds meanwhile.`
			: `llm cannot log ${isOne ? 'until it is done' : 'to a file while it is written'}.`;
	return `Write the places ${places.join(', and ')}, ${isOne ? '' : 'each '}after a backup? ${meanwhile}`;
}

function findingLines(
	{file, found, pending}: Prepared,
	{flags}: LogsCall,
): string[] {
	const left = found.rows - pending.responses;

	return [
		`${file}:`,
		...tallyLines(found, flags.verbose),
		...doubtLines(
			found.doubts,
			`and not written: consortium-tui logs backfill ${file}, then type /review in the app, then --write once more.`,
		),
		...leftLines([
			left === 0
				? null
				: `${many(left, 'answer')} of no run that was found, or whose place the file names already`,
			pending.contradicted === 0
				? null
				: `${many(pending.contradicted, 'run')} of which the file itself says several things`,
		]),
	];
}

function writtenLines(
	{file, written}: Written,
	isOneOfMany: boolean,
): string[] {
	return [
		...(isOneOfMany ? [`${file}:`] : []),
		...(written === null
			? ['Nothing was written.']
			: [
					`Written: ${many(written.responses, 'answer')} in ${many(written.runs, 'run')}.`,
					`As it was before: ${written.backup}`,
					`To take it back: consortium-tui logs backfill --undo ${written.undo}`,
				]),
	];
}
