import {existsSync} from 'node:fs';
import {logPathOf} from '../../config/folders.js';
import {type RunListener} from '../../core/drive.js';
import {type Templates} from '../../core/template.js';
import {UserError} from '../../core/user-error.js';
import {isLogOn} from '../../store/log-switch.js';
import {type Log} from '../../store/log.js';
import {type RunLog} from '../../store/run-log.js';
import {type Outside} from './outside.js';

/**
The log as one session uses it: opened when it is first needed, and kept open.
*/
export type SessionLog = {
	/**
	Whether anything may be kept. It can be switched off and on meanwhile.
	*/
	readonly isOn: () => boolean;

	/**
	What writes a run to the log; null when nothing may be kept.

	@throws UserError when the log cannot be opened.
	*/
	readonly listener: (
		templates: Templates,
		redact: (text: string) => string,
	) => Promise<RunListener | null>;

	/**
	Write something else to it.

	@throws UserError when nothing may be kept.
	*/
	readonly write: (work: (log: Log) => Promise<void>) => Promise<void>;

	/**
	Read it; null when there is none yet, and none is made.
	*/
	readonly read: <Value>(
		work: (log: Log) => Promise<Value>,
	) => Promise<Value | null>;

	/**
	Write what is still in memory and close the file; false when something of it could not be written. No run may go on.
	*/
	readonly close: () => Promise<boolean>;
};

/**
A screen must not stand still while another process writes; the log tries again by itself.
*/
const patienceMs = 250;

export function createSessionLog({
	flags,
	folders,
	onNotice,
}: Outside): SessionLog {
	const path = logPathOf(folders);
	let opening: Promise<Log> | null = null;
	let writer: RunLog | null = null;
	let clean = (text: string) => text;

	const open = async () => {
		const {openLog} = await import('../../store/database.js');
		return openLog(path, patienceMs);
	};

	const opened = async () => {
		opening ??= open();

		try {
			return await opening;
		} catch (error) {
			opening = null;
			throw error;
		}
	};

	const isOn = () => !flags.noLog && isLogOn(folders.data);

	return {
		isOn,
		async listener(templates, redact) {
			if (!isOn()) {
				return null;
			}

			const log = await opened();
			const {logTemplates, runWriter} = await import('../open-run-log.js');
			await logTemplates(log, templates);
			clean = redact;
			writer ??= await runWriter(log, {
				redact: text => clean(text),
				onTrouble: onNotice,
			});
			return writer;
		},
		async write(work) {
			if (!isOn()) {
				throw new UserError(
					'Nothing is logged, so that this cannot be kept.',
					'Start without --no-log, or switch the log on: consortium-tui logs on',
				);
			}

			await work(await opened());
		},
		async read(work) {
			return opening !== null || existsSync(path) ? work(await opened()) : null;
		},
		async close() {
			const log = await opening?.catch(() => null);
			const isWhole = writer?.close() ?? true;
			log?.close();
			writer = null;
			opening = null;
			return isWhole;
		},
	};
}
