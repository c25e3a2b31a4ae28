(* What the propositions mean, and the derivative of a family of matrices. *)
From Coq Require Import Reals Lra Lia ZArith FunctionalExtensionality.
From Coquelicot Require Import Coquelicot.
From LstmSym Require Import Matrices Norms Functions.
Open Scope R_scope.

Definition limit (X : Z -> R) (x : R) : Prop := is_lim_seq (fun k => X (Z.of_nat k)) x.
Definition infinite (X : Z -> R) : Prop := is_lim_seq (fun k => X (Z.of_nat k)) p_infty.
Definition under {n m} (A B : mat n m) : Prop := forall i j, Rabs (A i j) <= B i j.
(* every entry of F, as a function of e, has the derivative D at e = 0 *)
Definition derivative {n m} (F : R -> mat n m) (D : mat n m) : Prop := forall i j, is_derive (fun e => F e i j) 0 (D i j).
(* a + b i with eigenvector u + v i has modulus at most x *)
Definition radius {n} (A : mat n n) (x : R) : Prop := forall (a b : R) (u v : vec n),
  (exists i, u i <> 0 \/ v i <> 0) ->
  act A u = (fun i => a * u i - b * v i) -> act A v = (fun i => b * u i + a * v i) ->
  0 <= x /\ a * a + b * b <= x * x.
(* only zeros on and below the diagonal *)
Definition strict {n} (A : mat n n) : Prop := forall i j, (proj1_sig (Fin.to_nat j) <= proj1_sig (Fin.to_nat i))%nat -> A i j = 0.

Lemma is_derive_sum n (f : Fin.t n -> R -> R) (f' : Fin.t n -> R) x :
  (forall i, is_derive (f i) x (f' i)) -> is_derive (fun e => sum n (fun i => f i e)) x (sum n f').
Proof.
  induction n; intro H; simpl.
  - apply @is_derive_const.
  - apply @is_derive_plus; [ apply H | apply (IHn (fun i => f (Fin.FS i)) (fun i => f' (Fin.FS i))); intro; apply H ].
Qed.
Lemma is_derive_times (f g : R -> R) (df dg : R) :
  is_derive f 0 df -> is_derive g 0 dg -> is_derive (fun e => f e * g e) 0 (df * g 0 + f 0 * dg).
Proof. intros. apply (is_derive_mult f g); auto. intros; apply Rmult_comm. Qed.
Definition scal_R (a b : R) : R := a * b.
Lemma derivative_apply n m (f : R -> R) (f' : mat n m) (A : R -> mat n m) (dA : mat n m) :
  (forall i j, is_derive f (A 0 i j) (f' i j)) -> derivative A dA -> derivative (fun e => apply f (A e)) (had f' dA).
Proof.
  intros F H i j. unfold had, apply. replace (f' i j * dA i j) with (scal_R (dA i j) (f' i j)) by (unfold scal_R; ring).
  apply (is_derive_comp f (fun e => A e i j)); [ apply F | apply H ].
Qed.
