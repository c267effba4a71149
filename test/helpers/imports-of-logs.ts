import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {type TestContext} from 'node:test';
import {openLog} from '../../source/store/database.js';
import {importLog} from '../../source/store/import/import-log.js';
import {
	emptySummary,
	type ImportSummary,
} from '../../source/store/import/import-summary.js';
import {openForeign} from '../../source/store/import/open-foreign.js';
import {type Log} from '../../source/store/log.js';

/**
A folder with an empty log of ours in it, gone when the test is over.
*/
export function importPlace(t: Pick<TestContext, 'after'>): {
	readonly folder: string;
	readonly log: Log;
	readonly file: (name: string) => string;
} {
	const folder = mkdtempSync(path.join(tmpdir(), 'import-'));
	const log = openLog(path.join(folder, 'log.db'));
	t.after(() => {
		log.close();
		rmSync(folder, {recursive: true});
	});
	return {folder, log, file: name => path.join(folder, name)};
}

/**
Import a file, or only its first batches.
*/
export function importFile(
	log: Log,
	file: string,
	batches = Infinity,
	onBatch: () => void = () => undefined,
): ImportSummary {
	const summary = emptySummary();
	const foreign = openForeign(file, log, {patienceMs: 100});
	let done = 0;

	try {
		for (const _ of importLog({log, foreign, summary}, 1)) {
			done++;
			onBatch();

			if (done >= batches) {
				break;
			}
		}

		return summary;
	} finally {
		foreign.close();
	}
}

/**
Everything that an import writes, without the numbers that SQLite gives.
*/
export function dump(log: Log): Record<string, unknown[]> {
	const tables = {
		responses: 'SELECT * FROM responses',
		conversations: 'SELECT * FROM conversations',
		attachments: 'SELECT * FROM attachments',
		schemas: 'SELECT * FROM schemas',
		fragments: 'SELECT hash, content, source FROM fragments',
		aliases:
			'SELECT alias, hash FROM fragment_aliases JOIN fragments ON id = fragment_id',
		promptAttachments: 'SELECT * FROM prompt_attachments',
		promptFragments:
			'SELECT response_id, hash, "order" FROM prompt_fragments JOIN fragments ON id = fragment_id',
		systemFragments:
			'SELECT response_id, hash, "order" FROM system_fragments JOIN fragments ON id = fragment_id',
		tools: 'SELECT hash, name, description, input_schema, plugin FROM tools',
		toolResponses:
			'SELECT response_id, hash FROM tool_responses JOIN tools ON id = tool_id',
		instances: 'SELECT plugin, name, arguments FROM tool_instances',
		calls: `SELECT response_id, hash, tool_calls.name, arguments, tool_call_id
			FROM tool_calls LEFT JOIN tools ON tools.id = tool_id`,
		results: `SELECT tool_results.response_id, hash, tool_results.name, output,
				tool_call_id, tool_instances.name AS instance, exception, attachment_id
			FROM tool_results LEFT JOIN tools ON tools.id = tool_id
			LEFT JOIN tool_instances ON tool_instances.id = instance_id
			LEFT JOIN tool_results_attachments ON tool_result_id = tool_results.id`,
		imported: 'SELECT response_id, generation, extra FROM consortium_imported',
		runs: 'SELECT * FROM consortium_found_runs',
		places: 'SELECT * FROM consortium_found_responses',
	};

	return Object.fromEntries(
		Object.entries(tables).map(([name, sql]) => [
			name,
			log
				.prepare(sql)
				.all()
				.map(row => JSON.stringify(row))
				.toSorted(),
		]),
	);
}
