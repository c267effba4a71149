import {rmSync} from 'node:fs';
import {UserError} from '../../core/user-error.js';
import {type Log} from '../../store/log.js';
import {type Pending} from '../../store/backfill/write-back.js';
import {plain} from '../../text/plain.js';
import {countText} from '../../text/phrases.js';
import {confirm} from '../confirm.js';
import {excerpt, json, paragraph} from '../table.js';
import {
	knownIn,
	lookThrough,
	prepareFile,
	type Looked,
	type Prepared,
} from './backfill-prepare.js';
import {type Search} from './backfill-search.js';
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
		const looking = {call, options, opened};
		const ours = await knownIn(looking);
		const looked: Looked[] = [];
		const files: Prepared[] = [];

		for (file of input) {
			looked.push(await lookThrough(file, looking, ours));
		}

		for (const each of looked) {
			file = each.file;
			files.push(await prepareFile(each, looked, ours.known));
		}

		if (!flags.json || !flags.force) {
			tell(files.flatMap(each => findingLines(each, call)));
		}

		file = null;
		const isWanted = await isEachWanted(files, call);

		for (const {pending, ...each} of files) {
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

function findingLines(each: Prepared, {flags}: LogsCall): string[] {
	const {file, found, pending, elsewhere, uncertain} = each;
	const left = found.rows - pending.responses;
	const more = found.doubts - uncertain.length;
	const lost = found.withoutAnswer - elsewhere;

	return [
		`${file}:`,
		...tallyLines({...found, withoutAnswer: 0}, flags.verbose),
		...(elsewhere === 0
			? []
			: [
					`${many(elsewhere, 'run')} ${elsewhere === 1 ? 'gets the id of its final answer, which is' : 'get the ids of their final answers, which are'} in another file.`,
				]),
		...(lost <= 0
			? []
			: [`The final answer of ${many(lost, 'run')} is not in this file.`]),
		...doubtLines(found.doubts, 'and not written:'),
		...uncertain.map(
			({id, question, reason}) =>
				`${plain(id)} "${excerpt(question)}": ${reason}`,
		),
		...(found.doubts === 0
			? []
			: [
					...(more === 0 ? [] : [`And ${countText(more)} more.`]),
					`To decide: consortium-tui logs backfill ${file}, then type /review in the app, then --write once more.`,
				]),
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
