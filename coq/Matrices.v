(* Matrices with real entries whose shape is their type; all equalities are Leibniz's.  Times are integers. *)
From Coq Require Import Reals Lra Lia ZArith FunctionalExtensionality.
From Coq Require Fin.
Open Scope R_scope.

Definition mat (n m : nat) := Fin.t n -> Fin.t m -> R.
Definition vec (n : nat) := Fin.t n -> R.
Definition one1 : Fin.t 1 := Fin.F1.

Fixpoint sum (n : nat) : (Fin.t n -> R) -> R :=
  match n with O => fun _ => 0 | S k => fun f => f Fin.F1 + sum k (fun i => f (Fin.FS i)) end.

Definition delta {n} (i j : Fin.t n) : R := if Fin.eq_dec i j then 1 else 0.
Definition ones {n m} : mat n m := fun _ _ => 1.
Definition zeros {n m} : mat n m := fun _ _ => 0.
Definition eye {n} : mat n n := fun i j => delta i j.
Definition add {n m} (A B : mat n m) : mat n m := fun i j => A i j + B i j.
Definition had {n m} (A B : mat n m) : mat n m := fun i j => A i j * B i j.
Definition scal {n m} (c : R) (A : mat n m) : mat n m := fun i j => c * A i j.
Definition mul {n k m} (A : mat n k) (B : mat k m) : mat n m := fun i j => sum k (fun l => A i l * B l j).
Definition tr {n m} (A : mat n m) : mat m n := fun i j => A j i.
Definition diag {n} (v : mat n 1) : mat n n := fun i j => delta i j * v i one1.
Definition apply {n m} (f : R -> R) (A : mat n m) : mat n m := fun i j => f (A i j).
Definition entry (A : mat 1 1) : R := A one1 one1.
Definition within {n m} (A : mat n m) (low high : R) : Prop := forall i j, low <= A i j <= high.

(* rows of numbers, for concrete matrices *)
Definition table {n m} (rows : list (list R)) : mat n m :=
  fun i j => List.nth (proj1_sig (Fin.to_nat j)) (List.nth (proj1_sig (Fin.to_nat i)) rows nil) 0.

(* powers, sums and ordered products over integer times *)
Definition powZ (x : R) (k : Z) : R := x ^ Z.to_nat k.
Fixpoint sumup {n m} (k : nat) (low : Z) (F : Z -> mat n m) : mat n m :=
  match k with O => zeros | S j => add (F low) (sumup j (low + 1) F) end.
Definition sumZ {n m} (low high : Z) (F : Z -> mat n m) : mat n m := sumup (Z.to_nat (high - low + 1)) low F.
Fixpoint produp {n} (k : nat) (low : Z) (F : Z -> mat n n) : mat n n :=       (* the latest factor rightmost *)
  match k with O => eye | S j => mul (produp j low F) (F (low + Z.of_nat j)%Z) end.
Fixpoint proddown {n} (k : nat) (low : Z) (F : Z -> mat n n) : mat n n :=     (* the latest factor leftmost *)
  match k with O => eye | S j => mul (F (low + Z.of_nat j)%Z) (proddown j low F) end.
Definition ascending {n} (low high : Z) (F : Z -> mat n n) := produp (Z.to_nat (high - low + 1)) low F.
Definition descending {n} (low high : Z) (F : Z -> mat n n) := proddown (Z.to_nat (high - low + 1)) low F.

Lemma ext {n m} (A B : mat n m) : (forall i j, A i j = B i j) -> A = B.
Proof. intro H. extensionality i. extensionality j. apply H. Qed.

(* --- sums --- *)
Lemma sum_ext n f g : (forall i, f i = g i) -> sum n f = sum n g.
Proof. intro H. f_equal. extensionality i. apply H. Qed.
Lemma sum_plus n f g : sum n (fun i => f i + g i) = sum n f + sum n g.
Proof. induction n; simpl. ring. rewrite IHn. ring. Qed.
Lemma sum_scal n c f : sum n (fun i => c * f i) = c * sum n f.
Proof. induction n; simpl. ring. rewrite IHn. ring. Qed.
Lemma sum_scal_r n c f : sum n (fun i => f i * c) = sum n f * c.
Proof. induction n; simpl. ring. rewrite IHn. ring. Qed.
Lemma sum_0 n : sum n (fun _ => 0) = 0.
Proof. induction n; simpl; lra. Qed.
Lemma sum_swap n m (f : Fin.t n -> Fin.t m -> R) :
  sum n (fun i => sum m (fun j => f i j)) = sum m (fun j => sum n (fun i => f i j)).
Proof. induction n; simpl. now rewrite sum_0. now rewrite IHn, <- sum_plus. Qed.
Lemma sum_le n f g : (forall i, f i <= g i) -> sum n f <= sum n g.
Proof. induction n; simpl; intro H. lra. apply Rplus_le_compat; auto. Qed.
Lemma sum_nonneg n f : (forall i, 0 <= f i) -> 0 <= sum n f.
Proof. intro H. rewrite <- (sum_0 n). apply sum_le, H. Qed.
Lemma sum_Rabs n f : Rabs (sum n f) <= sum n (fun i => Rabs (f i)).
Proof.
  induction n; simpl. rewrite Rabs_R0; lra.
  eapply Rle_trans. apply Rabs_triang. apply Rplus_le_compat_l, IHn.
Qed.
Lemma sum_term n f i : (forall j, 0 <= f j) -> f i <= sum n f.
Proof.
  intro H. induction i; simpl.
  - pose proof (sum_nonneg _ (fun j => f (Fin.FS j)) (fun j => H _)). lra.
  - specialize (IHi (fun j => f (Fin.FS j)) (fun j => H _)). specialize (H Fin.F1). lra.
Qed.
Lemma sum_1 (f : Fin.t 1 -> R) : sum 1 f = f one1.
Proof. simpl. unfold one1. ring. Qed.

Lemma delta_same {n} (i : Fin.t n) : delta i i = 1.
Proof. unfold delta. destruct (Fin.eq_dec i i); congruence. Qed.
Lemma delta_sym {n} (i j : Fin.t n) : delta i j = delta j i.
Proof. unfold delta. destruct (Fin.eq_dec i j), (Fin.eq_dec j i); congruence. Qed.
Lemma delta_FS {n} (i j : Fin.t n) : delta (Fin.FS i) (Fin.FS j) = delta i j.
Proof.
  unfold delta. destruct (Fin.eq_dec i j), (Fin.eq_dec (Fin.FS i) (Fin.FS j)); auto; try congruence.
  apply Fin.FS_inj in e. congruence.
Qed.
Lemma delta_F1_FS {n} (i : Fin.t n) : delta Fin.F1 (Fin.FS i) = 0.
Proof. unfold delta. destruct (Fin.eq_dec Fin.F1 (Fin.FS i)); auto. discriminate. Qed.
Lemma sum_delta n (i : Fin.t n) f : sum n (fun j => delta i j * f j) = f i.
Proof.
  induction i; simpl.
  - rewrite delta_same. rewrite (sum_ext _ _ (fun _ => 0)), sum_0. ring.
    intro j. rewrite delta_F1_FS. ring.
  - rewrite delta_sym, delta_F1_FS. rewrite (sum_ext _ _ (fun j => delta i j * f (Fin.FS j))).
    rewrite IHi. ring. intro j. now rewrite delta_FS.
Qed.
Lemma sum_delta_r n (i : Fin.t n) f : sum n (fun j => f j * delta j i) = f i.
Proof. rewrite <- (sum_delta n i f). apply sum_ext. intro j. rewrite delta_sym. ring. Qed.

(* --- matrices --- *)
Lemma mul_assoc {a b c d} (A : mat a b) (B : mat b c) (C : mat c d) : mul (mul A B) C = mul A (mul B C).
Proof.
  apply ext; intros i j. unfold mul.
  rewrite (sum_ext c _ (fun l => sum b (fun k => A i k * B k l * C l j))).
  - rewrite sum_swap. apply sum_ext; intro k. rewrite <- sum_scal. apply sum_ext; intro l. ring.
  - intro l. now rewrite <- sum_scal_r.
Qed.
Lemma mul_add_r {a b c} (A : mat a b) (B C : mat b c) : mul A (add B C) = add (mul A B) (mul A C).
Proof. apply ext; intros i j. unfold mul, add. rewrite <- sum_plus. apply sum_ext; intro. ring. Qed.
Lemma mul_add_l {a b c} (A B : mat a b) (C : mat b c) : mul (add A B) C = add (mul A C) (mul B C).
Proof. apply ext; intros i j. unfold mul, add. rewrite <- sum_plus. apply sum_ext; intro. ring. Qed.
Lemma mul_scal_r {a b c} r (A : mat a b) (B : mat b c) : mul A (scal r B) = scal r (mul A B).
Proof. apply ext; intros i j. unfold mul, scal. rewrite <- sum_scal. apply sum_ext; intro. ring. Qed.
Lemma mul_scal_l {a b c} r (A : mat a b) (B : mat b c) : mul (scal r A) B = scal r (mul A B).
Proof. apply ext; intros i j. unfold mul, scal. rewrite <- sum_scal. apply sum_ext; intro. ring. Qed.
Lemma tr_mul {a b c} (A : mat a b) (B : mat b c) : tr (mul A B) = mul (tr B) (tr A).
Proof. apply ext; intros i j. unfold mul, tr. apply sum_ext; intro. ring. Qed.
Lemma tr_tr {a b} (A : mat a b) : tr (tr A) = A. Proof. reflexivity. Qed.
Lemma tr_add {a b} (A B : mat a b) : tr (add A B) = add (tr A) (tr B). Proof. reflexivity. Qed.
Lemma tr_had {a b} (A B : mat a b) : tr (had A B) = had (tr A) (tr B). Proof. reflexivity. Qed.
Lemma tr_scal {a b} r (A : mat a b) : tr (scal r A) = scal r (tr A). Proof. reflexivity. Qed.
Lemma tr_diag {a} (v : mat a 1) : tr (diag v) = diag v.
Proof.
  apply ext; intros i j. unfold tr, diag. rewrite (delta_sym j i). unfold delta.
  destruct (Fin.eq_dec i j); [ subst; auto | ring ].
Qed.
Lemma tr_eye {a} : tr (@eye a) = eye. Proof. apply ext; intros. apply delta_sym. Qed.
Lemma mul_eye_l {a b} (A : mat a b) : mul eye A = A.
Proof. apply ext; intros i j. apply (sum_delta a i (fun k => A k j)). Qed.
Lemma mul_eye_r {a b} (A : mat a b) : mul A eye = A.
Proof. apply ext; intros i j. apply (sum_delta_r b j (fun k => A i k)). Qed.
Lemma mul_zeros_l {a b c} (A : mat b c) : mul (@zeros a b) A = zeros.
Proof. apply ext; intros i j. unfold mul, zeros. transitivity (sum b (fun _ => 0)); [ apply sum_ext; intro; ring | apply sum_0 ]. Qed.
Lemma mul_zeros_r {a b c} (A : mat a b) : mul A (@zeros b c) = zeros.
Proof. apply ext; intros i j. unfold mul, zeros. transitivity (sum b (fun _ => 0)); [ apply sum_ext; intro; ring | apply sum_0 ]. Qed.
Lemma fin1 (j : Fin.t 1) : j = one1.
Proof. apply (Fin.caseS' j); [ reflexivity | intro x; inversion x ]. Qed.
Lemma had_diag {n} (u v : mat n 1) : had u v = mul (diag u) v.
Proof.
  apply ext; intros i j. unfold had, mul, diag. rewrite (sum_ext _ _ (fun k => delta i k * (u i one1 * v k j))).
  - rewrite sum_delta, (fin1 j). reflexivity.
  - intro; ring.
Qed.
Lemma had_row {n} (u v : mat 1 n) : had u v = mul v (diag (tr u)).
Proof. rewrite <- (tr_tr (had u v)), tr_had, had_diag, tr_mul, tr_diag. reflexivity. Qed.
Lemma diag_had {n} (u v : mat n 1) : diag (had u v) = mul (diag u) (diag v).
Proof.
  apply ext; intros i j. unfold mul. unfold diag at 2.
  rewrite (sum_ext _ _ (fun k => delta i k * (u i one1 * diag v k j))).
  - rewrite sum_delta. unfold diag, had. ring.
  - intro; ring.
Qed.
Lemma diag_add {n} (u v : mat n 1) : diag (add u v) = add (diag u) (diag v).
Proof. apply ext; intros i j. unfold diag, add. ring. Qed.
Lemma diag_scal {n} r (v : mat n 1) : diag (scal r v) = scal r (diag v).
Proof. apply ext; intros i j. unfold diag, scal. ring. Qed.
Lemma diag_ones {n} : diag (@ones n 1) = eye.
Proof. apply ext; intros i j. unfold diag, ones, eye. ring. Qed.
Lemma diag_zeros {n} : diag (@zeros n 1) = zeros.
Proof. apply ext; intros i j. unfold diag, zeros. ring. Qed.
Lemma diag_comm {n} (u v : mat n 1) : mul (diag u) (diag v) = mul (diag v) (diag u).
Proof. rewrite <- !diag_had. f_equal. apply ext; intros; unfold had; ring. Qed.

(* --- time --- *)
Lemma sum_empty {n m} low high (F : Z -> mat n m) : (low = high + 1)%Z -> sumZ low high F = zeros.
Proof. intros ->. unfold sumZ. now replace (Z.to_nat (high - (high + 1) + 1)) with O by lia. Qed.
Lemma sum_first {n m} low high (F : Z -> mat n m) : (low <= high)%Z -> sumZ low high F = add (F low) (sumZ (low + 1) high F).
Proof.
  intro H. unfold sumZ. replace (Z.to_nat (high - low + 1)) with (S (Z.to_nat (high - (low + 1) + 1))) by lia. reflexivity.
Qed.
Lemma sumup_last {n m} k low (F : Z -> mat n m) : sumup (S k) low F = add (sumup k low F) (F (low + Z.of_nat k)%Z).
Proof.
  revert low. induction k; intro low.
  - simpl. replace (low + 0)%Z with low by lia. apply ext; intros; unfold add, zeros; ring.
  - change (sumup (S (S k)) low F) with (add (F low) (sumup (S k) (low + 1) F)). rewrite IHk. simpl sumup.
    replace (low + 1 + Z.of_nat k)%Z with (low + Z.of_nat (S k))%Z by lia. apply ext; intros; unfold add; ring.
Qed.
Lemma sum_last {n m} low high (F : Z -> mat n m) : (low <= high)%Z -> sumZ low high F = add (sumZ low (high - 1) F) (F high).
Proof.
  intro H. unfold sumZ. replace (Z.to_nat (high - low + 1)) with (S (Z.to_nat (high - 1 - low + 1))) by lia.
  rewrite sumup_last. do 2 f_equal. lia.
Qed.
Lemma descending_empty {n} low high (F : Z -> mat n n) : (low = high + 1)%Z -> descending low high F = eye.
Proof. intros ->. unfold descending. now replace (Z.to_nat (high - (high + 1) + 1)) with O by lia. Qed.
Lemma descending_last {n} low high (F : Z -> mat n n) :
  (low <= high)%Z -> descending low high F = mul (F high) (descending low (high - 1) F).
Proof.
  intro H. unfold descending. replace (Z.to_nat (high - low + 1)) with (S (Z.to_nat (high - 1 - low + 1))) by lia.
  simpl. do 2 f_equal. lia.
Qed.
Lemma proddown_first {n} k low (F : Z -> mat n n) : proddown (S k) low F = mul (proddown k (low + 1) F) (F low).
Proof.
  induction k.
  - simpl. rewrite mul_eye_l, mul_eye_r. f_equal; lia.
  - change (proddown (S (S k)) low F) with (mul (F (low + Z.of_nat (S k))%Z) (proddown (S k) low F)). rewrite IHk, <- mul_assoc.
    simpl proddown. do 3 f_equal. lia.
Qed.
Lemma descending_first {n} low high (F : Z -> mat n n) :
  (low <= high)%Z -> descending low high F = mul (descending (low + 1) high F) (F low).
Proof.
  intro H. unfold descending. replace (Z.to_nat (high - low + 1)) with (S (Z.to_nat (high - (low + 1) + 1))) by lia.
  apply proddown_first.
Qed.
Lemma ascending_empty {n} low high (F : Z -> mat n n) : (low = high + 1)%Z -> ascending low high F = eye.
Proof. intros ->. unfold ascending. now replace (Z.to_nat (high - (high + 1) + 1)) with O by lia. Qed.
Lemma ascending_last {n} low high (F : Z -> mat n n) :
  (low <= high)%Z -> ascending low high F = mul (ascending low (high - 1) F) (F high).
Proof.
  intro H. unfold ascending. replace (Z.to_nat (high - low + 1)) with (S (Z.to_nat (high - 1 - low + 1))) by lia.
  simpl. do 2 f_equal. lia.
Qed.
Lemma produp_first {n} k low (F : Z -> mat n n) : produp (S k) low F = mul (F low) (produp k (low + 1) F).
Proof.
  induction k.
  - simpl. rewrite mul_eye_l, mul_eye_r. f_equal; lia.
  - change (produp (S (S k)) low F) with (mul (produp (S k) low F) (F (low + Z.of_nat (S k))%Z)). rewrite IHk, mul_assoc.
    simpl produp. do 3 f_equal. lia.
Qed.
Lemma ascending_first {n} low high (F : Z -> mat n n) :
  (low <= high)%Z -> ascending low high F = mul (F low) (ascending (low + 1) high F).
Proof.
  intro H. unfold ascending. replace (Z.to_nat (high - low + 1)) with (S (Z.to_nat (high - (low + 1) + 1))) by lia.
  apply produp_first.
Qed.
