import path from 'node:path';
import {drive, type RunListener} from '../../core/drive.js';
import {type RunResult} from '../../core/result.js';
import {wholeOf} from '../../core/nesting.js';
import {runConsortium} from '../../core/run-consortium.js';
import {type RunState} from '../../core/run-state.js';
import {type Templates} from '../../core/template.js';
import {UserError} from '../../core/user-error.js';
import {findRoles, readTemplates} from '../../prompts.js';
import {castOf} from '../../providers/cast.js';
import {withArbiter} from '../../providers/default-arbiter.js';
import {type RunRequest} from '../../ui/services.js';
import {keysOn} from '../key-ring.js';
import {knownConsortiums} from '../known-consortiums.js';
import {openObserver} from '../open-observer.js';
import {openPurse} from '../open-purse.js';
import {
	commandsIn,
	trustedText,
	unconfirmed,
	withTrusted,
} from '../trusted-commands.js';
import {keyRemover} from '../without-keys.js';
import {type Outside} from './outside.js';
import {type SessionLog} from './session-log.js';

/**
Put a question to a consortium; the log hears every event first.

@throws UserError before anything is called: a missing key, an option that is refused, a log that cannot be opened.
*/
export async function runRequest(
	outside: Outside,
	log: SessionLog,
	{consortium, prompt, from, confirm, ...reached}: RunRequest,
	listen: RunListener,
): Promise<RunResult> {
	const {place, folders, flags, world, look} = outside;
	const {config, ring, models} = await look();
	const known = await models();
	const keys = keysOn(ring);
	const consortiums = knownConsortiums(config, keys);
	const whole = withArbiter(consortium, keys, consortiums);
	const cast = await castOf(whole, known, consortiums);
	const prompts = path.join(folders.config, 'prompts');
	const roles = findRoles(prompts);
	const all = wholeOf(whole, consortiums);
	await confirmed(unconfirmed(commandsIn(all), config), outside, {
		confirm,
		isNew: from === null,
	});
	const templates = {
		...readTemplates(prompts),
		...(from?.kind === 'resume' && (await templatesThen(log, from.run))),
	};
	const redact = keyRemover(place.environment, ring);
	const writer = await log.listener(templates, redact);
	const purse = await openPurse(place, config, cast);

	if (purse !== null || flags.warmCache) {
		await known.loadPrices();
	}

	const release =
		from?.kind === 'resume' && writer ? await claimed(log, from.run) : null;
	let hasBegun = false;

	try {
		return await drive(
			runConsortium(whole, prompt, {
				...reached,
				...(from && {from}),
				...(purse && {purse: purse.purse}),
				models: cast,
				roles,
				consortiums,
				findModel: known.resolve,
				templates,
				world,
				observer: openObserver(all, {place, ring, models: known}),
				caching: {
					hasMarkers: !flags.noCacheMarkers,
					isFollowUpLikely: true,
					isWarmed: flags.warmCache,
				},
			}),
			[
				() => {
					hasBegun = true;
				},
				...(writer ? [writer] : []),
				...(place.isDebug ? [await debugLog(folders.data, redact)] : []),
				listen,
			],
		);
	} finally {
		purse?.close();

		if (!hasBegun) {
			release?.();
		}
	}
}

/**
@throws UserError when the person does not want these commands to be run.
*/
async function confirmed(
	commands: readonly string[],
	{flags, change, onNotice}: Outside,
	{
		confirm,
		isNew,
	}: {readonly confirm: RunRequest['confirm']; readonly isNew: boolean},
): Promise<void> {
	if (commands.length === 0) {
		return;
	}

	if (flags.trustCommands) {
		onNotice(trustedText(commands));
	} else if (!(await confirm(commands))) {
		throw new UserError(
			'The command was not confirmed, so nothing was asked.',
			// What is made again is made with the conditions it had.
			isNew ? '/set until=none takes it back.' : undefined,
		);
	}

	await change(config => withTrusted(config, commands));
}

/**
The words a run was begun with, as far as the log has them.
*/
async function templatesThen(
	log: SessionLog,
	{start}: RunState,
): Promise<Partial<Templates>> {
	const {templatesOf} = await import('../../store/templates.js');
	const found = await log.read(async open =>
		templatesOf(open, start?.templates ?? {}),
	);

	return found ?? {};
}

/**
Make this process the one that goes on with a run of the log.

@throws UserError when another one does.
*/
async function claimed(
	log: SessionLog,
	{runId, nextSeq}: RunState,
): Promise<(() => void) | null> {
	const {claimRun} = await import('../../store/claim.js');
	return log.read(async open =>
		claimRun(open, runId, {isForced: false, nextSeq}),
	);
}

async function debugLog(
	folder: string,
	redact: (text: string) => string,
): Promise<RunListener> {
	const {createDebugLog} = await import('../../output/debug-log.js');
	return createDebugLog(path.join(folder, 'debug.log'), redact);
}
