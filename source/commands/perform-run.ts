import path from 'node:path';
import {type Config} from '../config/config.js';
import {foldersOf, logPathOf} from '../config/folders.js';
import {abortKindOf} from '../core/abort.js';
import {type SavedConsortium} from '../core/consortium.js';
import {drive} from '../core/drive.js';
import {type RunEvent} from '../core/events.js';
import {type Model} from '../core/model.js';
import {noConsortiums, wholeOf} from '../core/nesting.js';
import {unpricedEmbeddings} from '../core/preflight.js';
import {type RunResult} from '../core/result.js';
import {runConsortium} from '../core/run-consortium.js';
import {type RunOptions} from '../core/run-options.js';
import {type Templates} from '../core/template.js';
import {UserError} from '../core/user-error.js';
import {type World} from '../core/world.js';
import {createDebugLog} from '../output/debug-log.js';
import {resultJson} from '../output/result-file.js';
import {prepareFile, writeWhole} from '../output/whole-file.js';
import {findRoles} from '../prompts.js';
import {type Models} from '../providers/resolve.js';
import {type Place} from './command.js';
import {createFace, type FaceFlags} from './face.js';
import {watchInterruption, type Interruption} from './interruption.js';
import {type KeyRing} from './key-ring.js';
import {openObserver} from './open-observer.js';
import {openPurse} from './open-purse.js';
import {openRunLog} from './open-run-log.js';
import {settled} from './standard-output.js';
import {paragraph} from './table.js';
import {confirmCommands} from './trusted-commands.js';
import {priceWarnings} from './warnings.js';
import {keyRemover} from './without-keys.js';

/**
What is asked, and of whom.
*/
export type Errand = Pick<
	RunOptions,
	'conversation' | 'from' | 'consortiums'
> & {
	readonly consortium: SavedConsortium;
	readonly prompt: string;
	readonly cast: ReadonlyMap<string, Model>;
	readonly models: Models;
	readonly templates: Templates;

	/**
	Somebody chose its members, who is warned of prices that are unknown.
	*/
	readonly isOwn: boolean;

	/**
	What happened in this run before it is resumed.
	*/
	readonly recalled?: readonly RunEvent[];

	/**
	Told with the first event, when nothing forbids the run any more.
	*/
	readonly onBegun?: () => void;
};

export type PerformFlags = FaceFlags & {
	readonly output: string | undefined;
	readonly noLog: boolean;
	readonly noCacheMarkers: boolean;
	readonly warmCache: boolean;
	readonly trustCommands: boolean;
};

/**
Run it, show it, log it, and say how it went: the exit code.

@throws UserError before anything is called, for whatever forbids it.
*/
export async function performRun(
	{consortium, prompt, cast, models, templates, isOwn, ...more}: Errand,
	flags: PerformFlags,
	{
		place,
		config,
		ring,
		world,
	}: {
		readonly place: Place;
		readonly config: Config;
		readonly ring: KeyRing;
		readonly world: World;
	},
): Promise<number> {
	const folders = foldersOf(place.environment);
	const {recalled = [], onBegun, ...reached} = more;

	const roles = findRoles(path.join(folders.config, 'prompts'));

	const all = wholeOf(consortium, more.consortiums ?? noConsortiums);
	await confirmCommands(all, flags.trustCommands, {place, config});

	if (flags.output !== undefined) {
		await prepareFile(flags.output);
	}

	const purse = await openPurse(place, config, cast);

	if (purse !== null || flags.warmCache) {
		await models.loadPrices();
	}

	const redact = keyRemover(place.environment, ring);
	const log = flags.noLog
		? null
		: await openRunLog(folders.data, {
				path: logPathOf(folders),
				templates,
				redact,
				onTrouble(text) {
					place.stderr.write(paragraph(text, place.stderr));
				},
			});
	const observer = openObserver(all, {place, ring, models});
	const face = createFace({...flags, isLogged: log !== null}, place);
	const interruption = watchInterruption(place.stdout);
	face.recall(recalled);

	try {
		const result = await drive(
			runConsortium(consortium, prompt, {
				...reached,
				models: cast,
				templates,
				roles,
				world,
				signal: interruption.signal,
				caching: {
					hasMarkers: !flags.noCacheMarkers,
					isWarmed: flags.warmCache,
				},
				...(purse && {purse: purse.purse}),
				observer,
			}),
			[
				...(onBegun ? [onBegun] : []),
				...(log ? [log.listen] : []),
				...(place.isDebug
					? [createDebugLog(path.join(folders.data, 'debug.log'), redact)]
					: []),
				...face.listeners,
			],
		);
		const warnings =
			result.costIsComplete || !isOwn
				? []
				: await aboutPrices(
						models,
						cast,
						await unpricedEmbeddings(all, observer),
					);
		face.finish(result, warnings);

		const isWritten =
			flags.output === undefined ||
			(await isWrittenTo(flags.output, result, place.stderr));

		const isLogged = log !== null;

		if (!(await isRead(place, interruption, {...result, isLogged}))) {
			return pipeExitCode;
		}

		return isWritten || result.exitCode !== 0
			? result.exitCode
			: failedExitCode;
	} finally {
		log?.close();
		purse?.close();
		interruption.close();
	}
}

const pipeExitCode = 141;
const failedExitCode = 1;

async function aboutPrices(
	models: Models,
	cast: ReadonlyMap<string, Model>,
	unpriced: readonly string[],
): Promise<readonly string[]> {
	await models.loadPrices();
	return priceWarnings(cast, unpriced);
}

/**
Write the result to its file. That it cannot be written any more is said, and does not undo a run that was made.
*/
async function isWrittenTo(
	file: string,
	result: RunResult,
	stderr: Place['stderr'],
): Promise<boolean> {
	try {
		await writeWhole(file, resultJson(result));
		return true;
	} catch (error) {
		if (!(error instanceof UserError)) {
			throw error;
		}

		stderr.write(paragraph(error.message, stderr));
		return false;
	}
}

/**
Whether there was a reader to the end. What a reader could not be given for another reason, as on a full disk, is said to be in the log.
*/
async function isRead(
	{stdout, stderr}: Place,
	{signal, isOutputLost}: Interruption,
	{runId, isLogged}: {readonly runId: string; readonly isLogged: boolean},
): Promise<boolean> {
	await settled(stdout);

	if (isLogged && isOutputLost()) {
		stderr.write(
			`The whole run is in the log: consortium-tui runs show ${runId}\n`,
		);
	}

	return !(signal.aborted && abortKindOf(signal) === 'pipe');
}
