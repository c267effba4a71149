import {type Instance} from './consortium.js';
import {memberSystem} from './member-system.js';
import {type VerdictResult} from './result.js';
import {type RunState} from './run-state.js';
import {fill, type Template, type Templates} from './template.js';
import {type Ask} from './transcript.js';

/**
What one instance is asked.
*/
export type MemberAsk = {
	readonly instance: string;
	readonly message: Ask;
	readonly templateHash: string | null;
	readonly system: string | null;
};

/**
What each of these instances is asked in an iteration: the question and, when it was asked before in this run, what came of the answers of the iteration before. It does not depend on who else is asked. Whoever is asked for the first time thinks for itself.
*/
export function asksFor(
	run: RunState,
	iteration: number,
	{
		instances,
		templates,
	}: {
		readonly instances: readonly Instance[];
		readonly templates: Templates;
	},
): MemberAsk[] {
	const earlier = run.iterations.slice(0, iteration - 1);
	const verdict = earlier.at(-1)?.verdicts.at(-1);
	const feedback = verdict ? feedbackFrom(templates.feedback, verdict) : null;

	return instances.map(instance => {
		const isKnown =
			feedback !== null &&
			earlier.some(({instances: asked}) => asked.includes(instance.id));

		return {
			instance: instance.id,
			message: {
				question: run.start!.prompt,
				feedback: isKnown ? feedback : null,
			},
			templateHash: isKnown ? templates.feedback.hash : null,
			system: memberSystem(instance, templates),
		};
	});
}

/**
The iteration in which whoever is asked next answers: the one that goes on while it has no verdict, else a new one.
*/
export function askedIteration({iterations}: RunState): number {
	const current = iterations.at(-1);
	return current?.verdicts.length === 0
		? current.iteration
		: iterations.length + 1;
}

function feedbackFrom(template: Template, verdict: VerdictResult): string {
	return fill(template, {
		synthesis: verdict.synthesis ?? '',
		refinement:
			verdict.refinementAreas.map(area => `- ${area}`).join('\n') ||
			'- none named',
		dissent:
			verdict.dissent.map(({text}) => `- ${text}`).join('\n') || '- none',
	});
}
