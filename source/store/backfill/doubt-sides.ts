import {timeOfId} from '../id-at.js';
import {type Log} from '../log.js';
import {explained} from '../store-error.js';
import {type Doubt, type FoundRole} from './found.js';

/**
What a person compares: the response of a doubt, with the end of its prompt, and the runs of its proposals by their ids. Texts are cut, and what is no longer in the log is missing.
*/
export type DoubtSides = {
	readonly response: {
		readonly model: string;

		/**
		Milliseconds since the Unix epoch; null when unknown.
		*/
		readonly at: number | null;
		readonly prompt: string;
		readonly text: string;
	} | null;
	readonly runs: ReadonlyMap<string, RunSide>;
};

export type RunSide = {
	readonly id: string;
	readonly consortium: string | null;
	readonly question: string;

	/**
	When it began and ended, in milliseconds since the Unix epoch.
	*/
	readonly at: number;
	readonly endedAt: number | null;

	/**
	How many were found of it.
	*/
	readonly members: number;
	readonly arbiters: number;

	/**
	What is missing or odd, a sentence each.
	*/
	readonly problems: readonly string[];
};

const longestPrompt = 600;
const longestText = 20_000;

/**
@throws UserError when the log is damaged.
*/
export function sidesOf(
	log: Log,
	{responseId, proposals}: Pick<Doubt, 'responseId' | 'proposals'>,
): DoubtSides {
	return explained(log.name, () => {
		const response = log
			.prepare<
				unknown[],
				{model: string; date: string | null; prompt: string; text: string}
			>(
				`SELECT coalesce(CAST(model AS TEXT), '') AS model,
					CAST(datetime_utc AS TEXT) AS date,
					iif(length(CAST(prompt AS TEXT)) > ${longestPrompt}, '…', '')
						|| coalesce(substr(CAST(prompt AS TEXT), -${longestPrompt}), '') AS prompt,
					coalesce(substr(CAST(response AS TEXT), 1, ${longestText}), '') AS text
				FROM responses WHERE id = ?`,
			)
			.get(responseId);
		const countOf = (role: FoundRole) =>
			`(SELECT count(*) FROM consortium_found_responses
				WHERE run_id = found.id AND role = '${role}')`;
		const selectRun = log.prepare<
			[string],
			Omit<RunSide, 'problems'> & {readonly problems: string}
		>(
			`SELECT id, CAST(consortium AS TEXT) AS consortium, started_at AS at,
				started_at + duration_ms AS endedAt, problems,
				${countOf('member')} AS members, ${countOf('arbiter')} AS arbiters,
				substr(CAST(prompt AS TEXT), 1, ${longestPrompt}) AS question
			FROM consortium_found_runs AS found WHERE id = ?`,
		);
		const parsed = Date.parse(response?.date ?? '');

		return {
			response: response
				? {
						model: response.model,
						at: Number.isNaN(parsed) ? timeOfId(responseId ?? '') : parsed,
						prompt: response.prompt,
						text: response.text,
					}
				: null,
			runs: new Map(
				proposals
					.flatMap(({runId}) => selectRun.get(runId) ?? [])
					.map(run => [
						run.id,
						{...run, problems: JSON.parse(run.problems) as string[]},
					]),
			),
		};
	});
}
