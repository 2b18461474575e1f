package smcp.api;

/**
 * Something only the client can answer.
 *
 * @param <A> the answer
 */
public sealed interface Question<A> permits Elicitation, Sampling, RootsQuestion {}
