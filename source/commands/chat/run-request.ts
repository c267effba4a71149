import path from 'node:path';
import {drive, type RunListener} from '../../core/drive.js';
import {type RunResult} from '../../core/result.js';
import {runConsortium} from '../../core/run-consortium.js';
import {readTemplates} from '../../prompts.js';
import {castOf} from '../../providers/cast.js';
import {withArbiter} from '../../providers/default-arbiter.js';
import {type RunRequest} from '../../ui/services.js';
import {keysOn} from '../key-ring.js';
import {keyRemover} from '../without-keys.js';
import {type Outside} from './outside.js';
import {type SessionLog} from './session-log.js';

/**
Put a question to a consortium; the log hears every event first.

@throws UserError before anything is called: a missing key, an option that is refused, a log that cannot be opened.
*/
export async function runRequest(
	{place, folders, world, look}: Outside,
	log: SessionLog,
	{consortium, prompt, from, ...reached}: RunRequest,
	listen: RunListener,
): Promise<RunResult> {
	const {ring, models} = await look();
	const known = await models();
	const whole = withArbiter(consortium, keysOn(ring));
	const cast = await castOf(whole, known);
	const templates = readTemplates(path.join(folders.config, 'prompts'));
	const redact = keyRemover(place.environment, ring);
	const writer = await log.listener(templates, redact);

	return drive(
		runConsortium(whole, prompt, {
			...reached,
			...(from && {from}),
			models: cast,
			findModel: known.resolve,
			templates,
			world,
		}),
		[
			...(writer ? [writer] : []),
			...(place.isDebug ? [await debugLog(folders.data, redact)] : []),
			listen,
		],
	);
}

async function debugLog(
	folder: string,
	redact: (text: string) => string,
): Promise<RunListener> {
	const {createDebugLog} = await import('../../output/debug-log.js');
	return createDebugLog(path.join(folder, 'debug.log'), redact);
}
